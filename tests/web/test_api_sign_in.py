"""Signing in: by password and one-time code, the same words whatever was wrong."""

from __future__ import annotations

import json

import pytest
from tests.web.studio import ADMIN, AUTHOR, EVERYTHING, PASSWORD, Browser, StudioUnderTest


def given(
    studio: StudioUnderTest, who: str = AUTHOR, words: str = PASSWORD, code: str = ""
) -> dict[str, str]:
    return {"pseudonym": who, "password": words, "code": code or studio.code(who)}


def test_the_cookies_are_for_no_script_no_other_site_and_no_other_path(
    shared: StudioUnderTest,
) -> None:
    browser = shared.stranger()
    cookies = browser.ask("POST", "/session", given(shared)).headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        parts = {part.strip() for part in cookie.split(";")}
        assert {"HttpOnly", "SameSite=Strict", "Path=/api/"} <= parts
        assert "Secure" not in parts
    again = shared.app.test_client().post(
        "/api/v1/session", json=given(shared), base_url="https://studio.example"
    )
    assert all("Secure" in cookie for cookie in again.headers.getlist("Set-Cookie"))


def test_whatever_is_wrong_it_says_the_same(shared: StudioUnderTest) -> None:
    answers = [
        shared.stranger().ask("POST", "/session", wrong)
        for wrong in (
            given(shared, words="다른 말 다른 말 다른 말"),
            given(shared, code="000000"),
            given(shared) | {"pseudonym": "없는 사람"},
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1
    assert {answer.headers["Content-Length"] for answer in answers} == {str(len(answers[0].data))}
    shared.sign_in(AUTHOR)


def test_a_code_works_once(shared: StudioUnderTest) -> None:
    once = given(shared, EVERYTHING)
    assert shared.stranger().ask("POST", "/session", once).status_code == 201
    assert shared.stranger().ask("POST", "/session", once).status_code == 401


def test_many_wrong_passwords_slow_strangers_down_and_not_the_device_that_is_known(
    studio: StudioUnderTest,
) -> None:
    at_home = studio.sign_in(AUTHOR)
    for _ in range(8):
        wrong = studio.stranger().ask("POST", "/session", given(studio, words="모르는 말"))
        assert wrong.status_code == 401
    once = given(studio)
    assert at_home.ask("POST", "/session", once).status_code == 201


def test_a_known_device_that_guesses_is_told_how_long_to_wait(studio: StudioUnderTest) -> None:
    at_home = studio.sign_in(AUTHOR)
    wrong = given(studio, words="모르는 말")
    answers = [at_home.ask("POST", "/session", wrong) for _ in range(8)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_signing_out_ends_this_session_and_everywhere_ends_them_all(
    studio: StudioUnderTest,
) -> None:
    here, there = studio.sign_in(AUTHOR), studio.sign_in(AUTHOR)
    assert here.ask("DELETE", "/session").status_code == 204
    assert here.ask("GET", "/session").status_code == 401
    assert there.get("/session")["pseudonym"] == AUTHOR
    elsewhere = studio.sign_in(AUTHOR)
    assert there.ask("DELETE", "/sessions").status_code == 204
    assert elsewhere.ask("GET", "/session").status_code == 401


def test_a_session_ends_when_nobody_uses_it_and_at_the_latest_after_half_a_day(
    studio: StudioUnderTest,
) -> None:
    used, idle = studio.sign_in(AUTHOR), studio.sign_in(AUTHOR)
    for _ in range(7):
        studio.clock.pass_by(minutes=100)
        assert used.ask("GET", "/session").status_code == 200
    assert idle.ask("GET", "/session").status_code == 401
    studio.clock.pass_by(minutes=100)
    assert used.ask("GET", "/session").status_code == 401


def test_an_admin_adds_a_person_who_signs_in_and_is_let_in_no_more(
    studio: StudioUnderTest,
) -> None:
    admin = studio.as_(ADMIN)
    made = admin.post("/people", {"pseudonym": "들국화", "roles": ["author"]})
    stranger = studio.stranger()
    short = {"secret": made["secret"], "password": "짧은 말"}
    refused = stranger.ask("POST", "/invitations", short)
    assert refused.status_code == 422
    assert "짧은" not in refused.text
    accepted = stranger.post("/invitations", {"secret": made["secret"], "password": PASSWORD})
    assert stranger.ask("POST", "/invitations", short).status_code == 404
    studio.secrets["들국화"] = accepted["one_time_secret"]
    newcomer = studio.sign_in("들국화")
    roles = admin.ask("PUT", "/people/들국화/roles", {"roles": ["author", "translator"]})
    assert roles.json is not None
    assert roles.json["roles"] == ["author", "translator"]
    assert newcomer.get("/session")["roles"] == ["author", "translator"]
    assert admin.ask("POST", "/people", {"pseudonym": "들국화", "roles": []}).status_code == 409
    assert admin.ask("DELETE", "/people/들국화").status_code == 204
    assert newcomer.ask("GET", "/session").status_code == 401
    answer = studio.stranger().ask("POST", "/session", given(studio, "들국화"))
    assert answer.status_code == 401
    assert [each["disabled"] for each in admin.get("/people?page_size=100")].count(True) == 1


def test_a_recovery_code_stands_in_for_the_phone_once(studio: StudioUnderTest) -> None:
    made = studio.as_(ADMIN).post("/people", {"pseudonym": "들국화", "roles": ["author"]})
    accepted = studio.stranger().post(
        "/invitations", {"secret": made["secret"], "password": PASSWORD}
    )
    once = {
        "pseudonym": "들국화",
        "password": PASSWORD,
        "code": accepted["recovery_codes"][0],
    }
    assert studio.stranger().ask("POST", "/session", once).status_code == 201
    assert studio.stranger().ask("POST", "/session", once).status_code == 401


@pytest.mark.parametrize("path", ["/people/바위", "/people/바위/invitation", "/people/바위/roles"])
def test_nobody_changes_their_own_account(shared: StudioUnderTest, path: str) -> None:
    method = {"n": "POST", "s": "PUT"}.get(path[-1], "DELETE")
    body = {"roles": ["publisher"]} if method == "PUT" else None
    assert shared.as_(ADMIN).ask(method, path, body).status_code == 403


def test_what_people_did_is_told_to_admins_and_holds_no_secret(shared: StudioUnderTest) -> None:
    events = shared.as_(ADMIN).get("/audit?page_size=100")
    assert {"sign in", "accept invitation", "import"} <= {each["verb"] for each in events}
    told = json.dumps(events, ensure_ascii=False)
    assert not any(secret in told for secret in (PASSWORD, *shared.secrets.values()))


def test_lists_come_in_pages(shared: StudioUnderTest) -> None:
    admin: Browser = shared.as_(ADMIN)
    answer = admin.ask("GET", "/people?page_size=2&page=2")
    assert answer.json is not None
    assert len(answer.json) == 2
    told = json.loads(answer.headers["X-Pagination"])
    assert (told["page"], told["previous_page"], told["next_page"]) == (2, 1, 3)
    assert admin.ask("GET", "/people?page_size=101").status_code == 422
    assert admin.ask("GET", "/people?page=0").status_code == 422
    assert admin.get(f"/people?page={10**30}") == []
