"""Every route of the studio refuses whom it has to refuse; the list is the map of addresses."""

from __future__ import annotations

from typing import Final

import pytest
from flask import Flask
from tests.making import COLD
from tests.web.routes import ROUTES
from tests.web.studio import AUTHOR, EVERYTHING, NAMES, V1, Browser, StudioUnderTest

from bojagi.services.permissions import ALLOWED, SCOPES
from bojagi.storage.people import Role
from bojagi.web.api.access import PUBLIC, RouteRule, route_rules
from bojagi.web.api.application import create_studio
from bojagi.web.api.workbench import Workbench

WRITING: Final = [each for each in ROUTES if each.method != "GET" and each.verb != PUBLIC]
NOT_PUBLIC: Final = [each for each in ROUTES if each.verb != PUBLIC]
EXAMPLES: Final = {
    "<path:path>": COLD,
    "<digest:digest>": "a" * 64,
    "<count:number>": "1",
    "<string(maxlength=40):pack>": "warm",
    "<string(maxlength=40):fact>": "minimum_wage_2026",
    "<string(maxlength=80):pseudonym>": "버드나무",
    "<string(maxlength=80):name>": "token",
    "<string(maxlength=4):shelf>": "a3",
    "<string(maxlength=20):locale>": "en",
}
SAID: Final = {403: "forbidden", 401: "who-are-you"}


def name(route: RouteRule) -> str:
    return f"{route.method} {route.path}"


def path(route: RouteRule) -> str:
    found = route.path.removeprefix(V1)
    for pattern, value in EXAMPLES.items():
        found = found.replace(pattern, value)
    assert "<" not in found, "a new kind of parameter needs an example above"
    return found


def refuses(browser: Browser, route: RouteRule, status: int, **headers: str) -> None:
    answer = browser.ask(route.method, path(route), {}, **headers)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["type"].endswith(SAID[status])


@pytest.mark.parametrize("route", ROUTES, ids=name)
def test_every_route_has_one_rule(route: RouteRule) -> None:
    assert route.verb == PUBLIC or route.verb in ALLOWED
    assert route.path.startswith(V1)


def test_the_public_routes_are_these_and_no_others() -> None:
    assert [name(each) for each in ROUTES if each.verb == PUBLIC] == [
        "POST /api/v1/invitations",
        "GET /api/v1/openapi.json",
        "POST /api/v1/session",
        "GET /api/v1/sign-offs/<string(minlength=20,maxlength=80):secret>",
        "POST /api/v1/sign-offs/<string(minlength=20,maxlength=80):secret>",
    ]


def test_every_verb_of_the_table_is_behind_a_route_but_those_of_folders() -> None:
    assert {*ALLOWED} - {each.verb for each in ROUTES} == {"import", "export"}


def test_a_route_without_a_rule_answers_nobody(shared: StudioUnderTest) -> None:
    app = create_studio(Workbench(shared.desk, shared.clock))
    app.add_url_rule(f"{V1}/forgotten", view_func=lambda: "here", endpoint="forgotten")
    browser = Browser(app.test_client())
    assert [each.verb for each in route_rules(app) if each.path.endswith("forgotten")] == [""]
    assert browser.ask("GET", "/forgotten").status_code == 403
    assert isinstance(app, Flask)


@pytest.mark.parametrize("route", NOT_PUBLIC, ids=name)
def test_nobody_gets_in_without_a_session(shared: StudioUnderTest, route: RouteRule) -> None:
    refuses(shared.stranger(), route, 401)
    refuses(shared.stranger(), route, 401, Authorization="Bearer nothing-of-ours")
    refuses(shared.stranger(), route, 401, Authorization="Basic bm86bm8=")
    refuses(shared.stranger(), route, 401, Cookie="bojagi_session=nothing-of-ours")


@pytest.mark.parametrize("route", WRITING, ids=name)
def test_a_session_without_its_second_token_changes_nothing(
    shared: StudioUnderTest, route: RouteRule
) -> None:
    signed_in = shared.as_(EVERYTHING)
    refuses(Browser(signed_in.client), route, 403)
    refuses(Browser(signed_in.client, csrf=shared.as_(AUTHOR).csrf), route, 403)
    refuses(signed_in, route, 403, Origin="https://elsewhere.example")
    refuses(signed_in, route, 403, Sec_Fetch_Site="cross-site")


@pytest.mark.parametrize("route", NOT_PUBLIC, ids=name)
def test_a_role_that_may_not_is_refused(shared: StudioUnderTest, route: RouteRule) -> None:
    wrong = [who for who, roles in NAMES.items() if not ALLOWED[route.verb] & set(roles)]
    assert wrong or ALLOWED[route.verb] == set(Role)
    for who in wrong:
        refuses(shared.as_(who), route, 403)


@pytest.fixture(scope="session")
def tokens(shared: StudioUnderTest) -> dict[str, Browser]:
    return {scope: shared.with_token(EVERYTHING, scope) for scope in SCOPES}


@pytest.mark.parametrize("route", NOT_PUBLIC, ids=name)
def test_a_token_without_the_scope_is_refused(route: RouteRule, tokens: dict[str, Browser]) -> None:
    for scope, program in tokens.items():
        if scope not in route.scopes:
            refuses(program, route, 403)


def test_a_token_opens_no_more_than_its_owner_may(shared: StudioUnderTest) -> None:
    program = shared.with_token(AUTHOR, *SCOPES)
    assert program.ask("GET", "/people").status_code == 403
    assert program.ask("GET", "/packs").status_code == 200


def test_a_token_needs_no_second_token_and_ends_when_it_is_revoked(
    shared: StudioUnderTest,
) -> None:
    program = shared.with_token(EVERYTHING, "write")
    body = {"path": COLD, "text": "…"}
    assert program.ask("POST", "/findings", body).status_code == 200
    for token in shared.as_(EVERYTHING).get("/tokens"):
        if token["name"].endswith("write"):
            done = shared.as_(EVERYTHING).ask("DELETE", f"/tokens/{token['name']}")
            assert done.status_code == 204
    assert program.ask("POST", "/findings", body).status_code == 401


def test_a_revoked_token_leaves_its_name_to_a_new_one(shared: StudioUnderTest) -> None:
    browser, made = shared.as_(EVERYTHING), {"name": "매일 밤", "scopes": ["read"]}
    browser.post("/tokens", made)
    assert browser.ask("POST", "/tokens", made).status_code == 409
    for _ in range(2):
        assert browser.ask("DELETE", f"/tokens/{made['name']}").status_code == 204
        browser.post("/tokens", made)


CONDITIONAL: Final = [
    each
    for each in WRITING
    if each.path.endswith(("/documents/<path:path>", "<string(maxlength=40):fact>"))
]


@pytest.mark.parametrize("route", CONDITIONAL, ids=name)
def test_a_write_says_what_it_was_made_from_and_a_stale_one_is_refused(
    shared: StudioUnderTest, route: RouteRule
) -> None:
    where = path(route).replace("warm/facts", "pay/facts")
    body = {"value": "10500"} if route.method == "PATCH" else {"text": "…"}
    given = None if route.method == "DELETE" else body
    author = shared.as_(EVERYTHING)
    assert author.ask(route.method, where, given).status_code == 428
    for tag in ('"r999"', "r1", '"nonsense"', 'W/"r1"', '"r99999999999999999999"'):
        assert author.ask(route.method, where, given, If_Match=tag).status_code == 412
    assert author.ask(route.method, where, given, If_None_Match="*").status_code == 412
