"""A second person approves a translation of a unit: one pair of texts, by its digest."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "approved_pairs",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("pack", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("writer_id", sa.Integer(), nullable=True),
        sa.Column("edition", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (edition IS NULL)", name=op.f("ck_approved_pairs_somebody")
        ),
        sa.CheckConstraint(
            "person_id IS NULL OR (writer_id IS NOT NULL AND writer_id <> person_id)",
            name=op.f("ck_approved_pairs_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_approved_pairs_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["writer_id"], ["people.id"], name=op.f("fk_approved_pairs_writer_id")
        ),
        sa.ForeignKeyConstraint(
            ["edition"], ["editions.digest"], name=op.f("fk_approved_pairs_edition")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_approved_pairs")),
    )
    op.create_index(
        op.f("ix_approved_pairs_pack_locale"), "approved_pairs", ["pack", "locale"], unique=False
    )
