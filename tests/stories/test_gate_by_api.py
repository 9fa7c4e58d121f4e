"""By API from a planted number to an edition that two keys signed, and that is called back.

The keys stay with people: what the API prepares is signed by the command line on their machines,
and what needs a key on the studio's host is done there.
"""

from __future__ import annotations

import base64

from tests.making import COLD
from tests.stories.ceremony import SIGNERS, People
from tests.web.studio import AUTHOR, PUBLISHER, REVIEWER, V1, Browser, StudioUnderTest, staffed

PHONE = "010-1234-5678"
WORN, WORDS, LAST = "모자를 쓰십시오", "털모자를 쓰십시오", "두꺼운 모자를 쓰십시오"
READER = "진눈깨비"


def submitted(browser: Browser) -> str:
    return str(browser.post("/packs/warm/editions", {"locale": "ko_KP"})["digest"])


def approved(studio: StudioUnderTest, digest: str) -> None:
    reviewer = studio.as_(REVIEWER)
    reviewer.post(f"/editions/{digest}/approvals", {"kind": "safety"})
    invited = {"kind": "northern_reader", "pseudonym": READER}
    link = reviewer.post(f"/editions/{digest}/sign-off-links", invited)
    assert studio.stranger().post(link["path"].removeprefix(V1)) == {"complete": True}


def test_by_api_from_a_planted_number_to_an_edition_of_two_keys_called_back(
    people: People,
) -> None:
    (people.project.root / "i18n/en/LC_MESSAGES/warm.po").unlink()
    people.make_plan()
    with people.desk() as desk:
        studio = staffed(desk, people.project)
        people.taken_in = people.folders()
        author, publisher = studio.as_(AUTHOR), studio.as_(PUBLISHER)
        text = author.get(f"/documents/{COLD}")["text"]

        author.save(COLD, text.replace(WORN, f"{PHONE}로 전화하십시오"))
        stopped = author.ask("POST", "/packs/warm/editions", {"locale": "ko_KP"})
        assert (stopped.status_code, "blocked by" in stopped.text) == (409, True)
        author.save(COLD, text)
        first = submitted(author)
        own = author.ask("POST", f"/editions/{first}/approvals", {"kind": "safety"})
        assert own.status_code == 403
        comment = {"article": "cold", "unit": "", "words": "어떤 모자인지 쓰십시오"}
        studio.as_(REVIEWER).post(f"/editions/{first}/return", {"passages": [comment]})
        author.save(COLD, text.replace(WORN, WORDS))
        second = submitted(author)
        approved(studio, second)

        author.save(COLD, text.replace(WORN, LAST))
        voided = publisher.ask("POST", "/releases/a3/request")
        assert (voided.status_code, second in voided.text) == (409, False)
        assert "no approval of" in voided.text
        approved(studio, submitted(author))

        prepared = publisher.post("/releases/a3/request")
        assert publisher.get("/releases/a3")["waiting"] == prepared["roles"]
        signatures = signed_by_everybody(people, base64.b64decode(prepared["request"]))
        one_key = [signatures[name] for name in signatures if name != "p2"]
        lacking = publisher.ask("POST", "/releases/a3/signatures", {"signatures": one_key})
        assert (lacking.status_code, "2" in lacking.text) == (422, True)
        everybody = {"signatures": list(signatures.values())}
        done = publisher.post("/releases/a3/signatures", everybody)
        assert set(done["roles"]) >= set(prepared["roles"])
        assert publisher.ask("POST", "/releases/a3/publication").status_code == 409

        people.must("publish", "a3")
        shown = publisher.get("/releases/a3")
        assert (shown["demo"], shown["editions"], shown["waiting"]) == (False, [1], [])
        assert LAST in (people.tree() / "1" / "1.html").read_text("utf-8")
        people.must("verify", "--pin", people.tree() / "repository" / "metadata" / "1.root.json")
        assert people.must("verify", people.tree()).out.startswith("CURRENT")

        people.must("withdraw", "a3/1", "--reason", "mistake", "--key", "w1")
        [gone] = author.get("/withdrawals")
        assert (gone["shelf"], gone["reason"]) == ("a3", "mistake")
    assert "이 글은 이제 쓰지 않습니다." in (people.tree() / "1" / "1.html").read_text("utf-8")
    said = people.run("verify", people.tree())
    assert (said.code, said.out.startswith("WITHDRAWN")) == (1, True)


def signed_by_everybody(people: People, request: bytes) -> dict[str, str]:
    """Carry a request to each who holds a key; return what came back, ready for JSON."""
    carried = people.folder / "carried.json"
    carried.write_bytes(request)
    signed: dict[str, str] = {}
    for name in SIGNERS:
        out = people.folder / f"signed-{name}.json"
        if people.run("sign", carried, "--key", name, "--out", out, "--yes").code == 0:
            signed[name] = base64.b64encode(out.read_bytes()).decode("ascii")
    assert {"p1", "p2"} <= set(signed)
    return signed
