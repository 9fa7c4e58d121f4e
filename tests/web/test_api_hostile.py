"""What is sent to do harm: kept or refused cleanly, shown harmlessly, and told to nobody."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any, Final

import pytest
from sqlalchemy import select
from tests.making import COLD
from tests.web.studio import ADMIN, AUTHOR, PASSWORD, REVIEWER, V1, Browser, StudioUnderTest

from bojagi.domain import limits
from bojagi.services.desk import Desk
from bojagi.storage.people import Person
from bojagi.storage.tables import METADATA

HARMLESS: Final = {
    "nosniff": "X-Content-Type-Options",
    "no-store": "Cache-Control",
    "no-referrer": "Referrer-Policy",
    "web": "Server",
}
JSON: Final = "application/json"
TEXTS: Final = {
    "script": "<script>fetch('https://elsewhere.example')</script>",
    "picture": '<svg onload="alert(1)"><script>alert(2)</script></svg>',
    "link": "[여기](javascript:alert(1)) ![x](https://elsewhere.example/x.png)",
    "quotes": ">" * 20_000,
    "brackets": "[" * 20_000,
    "stars": "*a" * 20_000,
    "lists": "\n".join("  " * depth + "- 하나" for depth in range(300)),
    "backticks": "`" * 30_001,
    "right to left": "차례\u202e꾸로\u202c \u200f\u2066가\u2069",
    "decomposed": "하나",
    "emoji": "👩‍👩‍👧‍👦" * 500,
    "yaml": "---\nid: &a [*a, *a]\n---\n",
    "template": "{{ 7 * 7 }} {% raw %} {fact:none} ${x}",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_text_is_kept_as_it_is_and_never_becomes_a_page(
    shared: StudioUnderTest, text: str
) -> None:
    author = shared.as_(AUTHOR)
    before = author.get(f"/documents/{COLD}")["text"]
    hostile = f"{before}\n{text}\n"
    assert author.save(COLD, hostile).status_code == 200
    read = author.ask("GET", f"/documents/{COLD}")
    assert read.mimetype == "application/json"
    assert read.json is not None
    assert read.json["text"] == hostile
    for path in ("/findings", "/packs", "/packs/warm", "/editions", "/releases"):
        assert author.ask("GET", path).status_code in {200, 404}
    tried = author.ask("POST", "/packs/warm/editions", {"locale": "ko_KP"})
    assert tried.status_code in {201, 409, 422}, tried.text
    if tried.status_code == 201:
        assert tried.json is not None
        page = author.ask("GET", f"/editions/{tried.json['digest']}/preview")
        assert "script-src" not in page.headers["Content-Security-Policy"]
        for live in ("<script", "<svg", "javascript:", "https://elsewhere"):
            assert live not in page.text.lower()
    assert author.save(COLD, before).status_code == 200


@pytest.mark.parametrize("sign", ["\0", "\ud800"], ids=["NUL", "half"])
def test_what_no_database_holds_is_refused_wherever_it_is_sent(
    shared: StudioUnderTest, sign: str
) -> None:
    author, reviewer = shared.as_(AUTHOR), shared.as_(REVIEWER)
    body = {"text": f"하나{sign}둘"}
    refused = [
        author.ask("PUT", "/documents/content_packs/warm/09-x.md", body, If_None_Match="*"),
        author.ask("POST", "/findings", {"path": COLD, **body}),
        author.ask("POST", "/findings", {"path": f"{COLD}{sign}", "text": "하나"}),
        reviewer.ask("POST", "/waivers", {"document": COLD, "rule": sign, "found": sign,
                                          "reason": sign}),
        shared.as_(ADMIN).ask("POST", "/people", {"pseudonym": f"들{sign}", "roles": []}),
        shared.stranger().ask("POST", "/session", {"pseudonym": sign, "password": "b",
                                                   "code": "c"}),
        author.ask("POST", "/tokens", {"name": sign, "scopes": ["read"]}),
    ]  # fmt: skip
    assert {answer.status_code for answer in refused} == {422}


@pytest.mark.parametrize(
    "path",
    [
        "/documents/%00", "/documents/content_packs%2F..%2Fsecret", "/documents/a%ff",
        "/revisions/%00", "/revision/99999999999999999999/content_packs/warm/01-cold.md",
        "/revision/2147483647/content_packs/warm/01-cold.md", "/packs/%00", "/packs/%ed%a0%80",
        "/editions/" + "z" * 64, "/editions/" + "A" * 64, "/releases/%00", "/people/%00",
        "/sign-offs/" + "%00" * 30, "/documents?pack=%00", "/editions?state=%00",
        "/findings?page=99999999999999999999", "/findings?page=%00", "/packs?page_size=-1",
        "/documents/" + "가" * 3000, "//", "/..", "/documents/",
    ],
)  # fmt: skip
def test_an_odd_address_is_answered_with_a_problem(shared: StudioUnderTest, path: str) -> None:
    answer = shared.as_(AUTHOR).ask("GET", path)
    assert answer.status_code in {200, 400, 403, 404, 422}, answer.text
    if answer.status_code != 200:
        assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "content_packs", "content_packs/../x", "/etc/passwd", "i18n/.git/config",
        "content_packs/warm/01-cold.md/inside.md", "content_packs/warm", "content_packs/WARM/x.md",
        "content_packs/warm/a\u202eb.md", "content_packs/warm/a\\b.md", "i18n/nowhere_at_all/x.po",
        "content_packs/warm/" + "가" * 100 + ".md", "content_packs/" + "a" * 190,
        "content_packs/a/b/c/d/e",
    ],
)  # fmt: skip
def test_a_path_that_could_spoil_the_folders_is_refused(shared: StudioUnderTest, path: str) -> None:
    author = shared.as_(AUTHOR)
    for body in ({"text": "하나"}, {"base64": "AAD/"}):
        answer = author.ask("PUT", f"/documents/{path}", body, If_None_Match="*")
        assert answer.status_code in {404, 422}, answer.text
    assert len(author.get("/packs")) == 2


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"", "application/json", 422),
        (b"null", "application/json", 422),
        (b"[]", "application/json", 422),
        (b'{"pseudonym": 7, "more": 1}', "application/json", 422),
        (b"pseudonym=a", "application/x-www-form-urlencoded", 415),
        (b"<x/>", "text/xml", 415),
    ],
)
def test_a_body_that_is_no_such_thing_is_a_problem(
    shared: StudioUnderTest, body: bytes, kind: str, status: int
) -> None:
    answer = shared.app.test_client().post(f"{V1}/session", data=body, content_type=kind)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"


def test_five_megabytes_are_the_most_and_four_are_kept(shared: StudioUnderTest) -> None:
    author, path = shared.as_(AUTHOR), "content_packs/warm/images/large.png"
    large = "가" * (limits.CATALOGUE_BYTES // 3)
    assert author.ask("PUT", f"/documents/{path}", {"text": large}).status_code in {413, 428}
    plain = "a" * limits.CATALOGUE_BYTES
    kept = author.ask("PUT", f"/documents/{path}", {"text": plain}, If_None_Match="*")
    assert kept.status_code == 200
    tag = kept.headers["ETag"]
    more = author.ask("PUT", f"/documents/{path}", {"text": plain + "a"}, If_Match=tag)
    assert more.status_code == 422
    too_much = author.ask("PUT", f"/documents/{path}", {"text": plain * 2}, If_Match=tag)
    assert too_much.status_code == 413
    assert too_much.content_type == "application/problem+json"
    assert author.ask("DELETE", f"/documents/{path}", If_Match=tag).status_code == 204


def everything(studio: StudioUnderTest) -> Iterator[Any]:
    """Answers of every kind: found, refused, wrong, too large, without a route, with a fault."""
    author, stranger = studio.as_(AUTHOR), studio.stranger()
    yield author.ask("GET", "/packs")
    yield author.ask("GET", f"/documents/{COLD}")
    yield author.ask("HEAD", "/packs")
    yield author.ask("OPTIONS", "/packs")
    yield stranger.ask("GET", "/packs")
    yield stranger.ask("GET", "/nothing")
    yield stranger.ask("PATCH", "/packs")
    yield stranger.ask("GET", "/openapi.json")
    yield studio.app.test_client().get("/")
    yield studio.app.test_client().get("/api")
    yield stranger.ask("POST", "/session", {})
    yield stranger.ask("POST", "/session", {"pseudonym": "a" * limits.STUDIO_BODY_BYTES})
    yield studio.app.test_client().post(f"{V1}/session", data=b"{", content_type=JSON)
    chunked = {"Transfer-Encoding": "chunked"}
    yield studio.app.test_client().post(f"{V1}/session", headers=chunked)


def test_every_answer_has_the_headers_that_keep_it_from_being_kept(
    shared: StudioUnderTest,
) -> None:
    statuses = set()
    for answer in everything(shared):
        statuses.add(answer.status_code)
        for value, name in HARMLESS.items():
            assert answer.headers.getlist(name) == [value], (answer.status_code, name)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
    assert statuses == {200, 400, 401, 404, 405, 411, 413, 422}


def test_a_method_that_is_not_taken_is_answered_with_those_that_are(
    shared: StudioUnderTest,
) -> None:
    answer = shared.stranger().ask("PATCH", "/packs")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_nothing_of_a_request_is_written_anywhere(
    shared: StudioUnderTest,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    canary, author = "카나리아canary", shared.as_(AUTHOR)
    marked = {"User-Agent": "canary", "X-Forwarded-For": "canary", "Referer": "http://canary/"}
    caplog.set_level(logging.DEBUG)
    client = author.client
    for path in (f"/{canary}", f"/packs/{canary}", f"/packs?{canary}={canary}", "/packs"):
        client.get(f"{V1}{path}", headers=marked, environ_base={"REMOTE_ADDR": "192.0.2.77"})
    wrong = {"pseudonym": canary, "password": canary, "code": canary}
    shared.stranger().ask("POST", "/session", wrong)
    Browser(shared.app.test_client(), token=canary.encode().hex()).ask("GET", "/packs")

    def break_down(*_: object) -> None:
        raise RuntimeError(canary)

    with monkeypatch.context() as patched:
        patched.setattr(Desk, "check", break_down)
        answer = author.ask("POST", "/findings", {"path": COLD, "text": canary})
    assert answer.status_code == 500
    assert json.loads(answer.data) == {
        "type": "urn:bojagi:problem:mistake", "title": "A mistake of ours", "status": 500
    }  # fmt: skip
    assert "RuntimeError" in caplog.text, "the control: that a fault happened is logged"
    written = caplog.text + "".join(capfd.readouterr())
    with shared.desk.database.reading() as session:
        for table in METADATA.sorted_tables:
            written += str(session.execute(select(table)).all())
    for trace in (canary, "canary", "192.0.2.77", PASSWORD):
        assert trace not in written


def test_a_rule_of_the_database_is_told_and_nothing_of_its_rows(
    shared: StudioUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = shared.as_(AUTHOR)

    def collide(*_: object) -> None:
        with shared.desk.database.transaction() as session:
            session.add(Person(pseudonym=AUTHOR, created=shared.clock()))

    monkeypatch.setattr(Desk, "check", collide)
    answer = author.ask("GET", "/findings")
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["detail"] == "somebody was there before; read it again"
