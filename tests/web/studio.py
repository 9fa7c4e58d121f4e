"""A studio to talk to: the real application on a real database, people who really sign in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from tests.making import DAY, Project
from werkzeug.test import TestResponse

from bojagi.services import accounts
from bojagi.services.data_folder import DataFolder
from bojagi.services.desk import Desk
from bojagi.storage.blobs import Blobs
from bojagi.storage.database import Database
from bojagi.storage.people import Role
from bojagi.web.api.application import create_studio
from bojagi.web.api.workbench import Workbench

V1: Final = "/api/v1"
PASSWORD: Final = "버드나무 아래 흐르는 맑은 물"  # noqa: S105 - of nobody
NAMES: Final[Mapping[str, tuple[Role, ...]]] = {
    "버드나무": (Role.AUTHOR,),
    "진달래": (Role.TRANSLATOR,),
    "소나무": (Role.SAFETY_REVIEWER,),
    "강물": (Role.PUBLISHER,),
    "바위": (Role.ADMIN,),
    "하늘": tuple(Role),
}
"""Who works here: one person for each role, and one who has them all."""
AUTHOR, TRANSLATOR, REVIEWER, PUBLISHER, ADMIN, EVERYTHING = NAMES


@dataclass
class Clock:
    """The time, which passes when it is told to."""

    now: datetime = DAY

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """Let time pass, in the words of `timedelta`."""
        self.now += timedelta(**time)


@dataclass
class Browser:
    """One person's browser, or a program with their token."""

    client: FlaskClient
    csrf: str = ""
    token: str = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        """Ask for something below `/api/v1`; names of headers are written with `_`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.csrf:
            sent.setdefault("X-CSRF-Token", self.csrf)
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        data, kind = None, None
        if body is not None:
            data, kind = json.dumps(body), "application/json"
        where = f"{V1}{path}"
        return self.client.open(where, method=method, headers=sent, data=data, content_type=kind)

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Read something that is there."""
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Do something that works."""
        answer = self.ask("POST", path, body)
        assert answer.status_code in {200, 201, 204}, answer.text
        return answer.json if answer.data else None

    def save(self, path: str, text: str) -> TestResponse:
        """Save a document from the revision that stands."""
        found = self.ask("GET", f"/documents/{path}")
        condition = (
            {"If_Match": found.headers["ETag"]}
            if found.status_code == 200
            else {"If_None_Match": "*"}
        )
        return self.ask("PUT", f"/documents/{path}", {"text": text}, **condition)


@dataclass
class StudioUnderTest:
    """The application, its people, its clock."""

    app: Flask
    desk: Desk
    clock: Clock
    project: Project
    secrets: dict[str, str] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)

    def stranger(self) -> Browser:
        """Return a browser of nobody who is known."""
        return Browser(self.app.test_client())

    def add(self, pseudonym: str, roles: tuple[Role, ...]) -> None:
        """Add a person, who accepts their invitation."""
        with self.desk.database.transaction() as session:
            _, secret = accounts.add_person(session, pseudonym, roles, None, self.clock())
        accepted = self.stranger().post("/invitations", {"secret": secret, "password": PASSWORD})
        self.secrets[pseudonym] = accepted["one_time_secret"]

    def code(self, pseudonym: str) -> str:
        """Return a one-time code that wasn't used yet."""
        self.clock.pass_by(seconds=31)
        return pyotp.TOTP(self.secrets[pseudonym]).at(self.clock())

    def sign_in(self, pseudonym: str) -> Browser:
        """Return a browser in which a person has just signed in."""
        browser = self.stranger()
        given = {"pseudonym": pseudonym, "password": PASSWORD, "code": self.code(pseudonym)}
        browser.csrf = browser.post("/session", given)["csrf_token"]
        return browser

    def as_(self, pseudonym: str) -> Browser:
        """Return the browser in which a person is signed in."""
        if pseudonym not in self.browsers:
            self.browsers[pseudonym] = self.sign_in(pseudonym)
        return self.browsers[pseudonym]

    def with_token(self, pseudonym: str, *scopes: str) -> Browser:
        """Return a program with a new token of a person's."""
        name = f"token {len(self.as_(pseudonym).get('/tokens'))} {'-'.join(scopes)}"
        made = self.as_(pseudonym).post("/tokens", {"name": name, "scopes": list(scopes)})
        return Browser(self.app.test_client(), token=made["token"])

    def spec(self) -> dict[str, Any]:
        """Return the description of the API."""
        found: dict[str, Any] = json.loads(self.stranger().ask("GET", "/openapi.json").data)
        return found


def make_studio(database: Database, folder: Path, project: Project) -> StudioUnderTest:
    """Make a studio with everybody in it, and a project imported by its author."""
    desk = Desk(database, Blobs(folder / "blobs"), DataFolder(folder / "data"))
    return staffed(desk, project)


def staffed(desk: Desk, project: Project) -> StudioUnderTest:
    """Let everybody into a studio; its author imports a project."""
    clock = Clock()
    app = create_studio(Workbench(desk, clock))
    studio = StudioUnderTest(app, desk, clock, project)
    for pseudonym, roles in NAMES.items():
        studio.add(pseudonym, roles)
    with desk.database.reading() as session:
        author = accounts.person_named(session, AUTHOR)
    desk.import_folders(author, project.root, clock())
    return studio
