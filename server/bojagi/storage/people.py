"""People who write, translate, review and publish: pseudonyms, and nothing of where they are."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bojagi.storage.schema import Digest, Key, Name, Row


class Role(StrEnum):
    """What a person may do."""

    AUTHOR = "author"
    TRANSLATOR = "translator"
    SAFETY_REVIEWER = "safety_reviewer"
    PUBLISHER = "publisher"
    ADMIN = "admin"


ROLE_NAMES = ", ".join(f"'{role}'" for role in Role)


class Person(Row):
    """Somebody with an account.

    Attributes:
        secret: the one-time code's shared secret, sealed under the password; none until then.
        step: the thirty seconds that the one-time code used last belongs to.
        failures: wrong passwords in a row from devices that never signed in before.
    """

    __tablename__ = "people"

    id: Mapped[Key]
    pseudonym: Mapped[Name] = mapped_column(unique=True)
    password: Mapped[str | None] = mapped_column(String(200))
    secret: Mapped[str | None] = mapped_column(String(64))
    step: Mapped[int | None]
    created: Mapped[datetime]
    disabled: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    failed: Mapped[datetime | None]
    roles: Mapped[list[PersonRole]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def role_names(self) -> frozenset[Role]:
        """The roles this person has."""
        return frozenset(Role(each.role) for each in self.roles)


class PersonRole(Row):
    """One role of one person."""

    __tablename__ = "person_roles"
    __table_args__ = (CheckConstraint(f"role IN ({ROLE_NAMES})", "known_role"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class Invitation(Row):
    """A link that lets one person choose a password, once."""

    __tablename__ = "invitations"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    token: Mapped[Digest] = mapped_column(unique=True)
    expires: Mapped[datetime]
    used: Mapped[datetime | None]


class Session(Row):
    """A person who is signed in somewhere; where, nobody can tell from here."""

    __tablename__ = "sessions"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token: Mapped[Digest] = mapped_column(unique=True)
    created: Mapped[datetime]
    used: Mapped[datetime]
    expires: Mapped[datetime]


class Device(Row):
    """A device that signed in before: wrong passwords from elsewhere don't slow it down."""

    __tablename__ = "devices"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token: Mapped[Digest] = mapped_column(unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    failed: Mapped[datetime | None]
    expires: Mapped[datetime]


class RecoveryCode(Row):
    """A code that stands in for the one-time code, once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("person_id", "code"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    code: Mapped[Digest]
    used: Mapped[datetime | None]


class Token(Row):
    """A personal token for programs, with the scopes it was given."""

    __tablename__ = "tokens"
    __table_args__ = (
        Index(
            "uq_tokens_person_id_name",
            "person_id",
            "name",
            unique=True,
            sqlite_where=text("revoked IS NULL"),
            postgresql_where=text("revoked IS NULL"),
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[Name]
    token: Mapped[Digest] = mapped_column(unique=True)
    scopes: Mapped[str] = mapped_column(String(400))
    created: Mapped[datetime]
    expires: Mapped[datetime]
    revoked: Mapped[datetime | None]


class AuditEvent(Row):
    """What a person did, for as long as the retention says."""

    __tablename__ = "audit_events"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[Key]
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    verb: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(300))
