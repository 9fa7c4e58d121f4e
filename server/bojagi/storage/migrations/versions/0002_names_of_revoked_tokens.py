"""A revoked token leaves its name to a new one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NAME = "uq_tokens_person_id_name"


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("tokens") as tokens:
        tokens.drop_constraint(NAME, type_="unique")
    stands = sa.text("revoked IS NULL")
    op.create_index(
        NAME,
        "tokens",
        ["person_id", "name"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
