"""The way of a text through the API: written, stopped, mended, reviewed, published, called back."""

from __future__ import annotations

from datetime import date

import pytest
from tests.making import COLD, HEAT, WAGE
from tests.web.studio import (
    AUTHOR,
    EVERYTHING,
    PUBLISHER,
    REVIEWER,
    TRANSLATOR,
    V1,
    Browser,
    StudioUnderTest,
)

from bojagi.storage.people import Role

PLANTED = "전화 010-2345-6789로 물어보십시오."
PUBLIC_PAGES = "shelves/a3"


def submit(browser: Browser, pack: str = "warm", locale: str = "ko_KP") -> str:
    return str(browser.post(f"/packs/{pack}/editions", {"locale": locale})["digest"])


def approve(studio: StudioUnderTest, digest: str) -> object:
    studio.as_(REVIEWER).post(f"/editions/{digest}/approvals", {"kind": "safety"})
    link = studio.as_(REVIEWER).post(
        f"/editions/{digest}/sign-off-links", {"kind": "northern_reader", "pseudonym": "진눈깨비"}
    )
    return studio.stranger().post(link["path"].removeprefix(V1))


def served(studio: StudioUnderTest) -> str:
    folder = studio.desk.data.shelves / "a3"
    return "".join(
        path.read_text("utf-8") for path in folder.rglob("*.html") if "errors" not in path.parts
    )


def test_a_text_goes_its_whole_way_by_api_and_no_way_leads_past_the_gate(
    studio: StudioUnderTest,
) -> None:
    author, reviewer = studio.as_(AUTHOR), studio.as_(REVIEWER)
    text = author.get(f"/documents/{COLD}")["text"]

    assert author.save(COLD, text + f"\n{PLANTED}\n").status_code == 200
    stopped = author.ask("POST", "/packs/warm/editions", {"locale": "ko_KP"})
    assert stopped.status_code == 409
    assert "blocked by" in stopped.text
    found = [each for each in author.get("/findings?page_size=100") if each["file"] == COLD]
    assert any(each["severity"] == "block" and "2345" in each["found"] for each in found)

    author.save(COLD, text.replace("낮은 온도", "몹시 낮은 온도"))
    first = submit(author)
    own = author.ask("POST", f"/editions/{first}/approvals", {"kind": "safety"})
    assert own.status_code == 403

    words = {"article": "cold", "unit": "", "words": "'몹시'는 빼는것이 좋겠습니다."}
    reviewer.post(f"/editions/{first}/return", {"passages": [words]})
    shown = author.get(f"/editions/{first}")
    assert shown["state"] == "returned"
    assert shown["comments"][0]["words"] == words["words"]
    assert approve_fails(studio, first) == 409

    author.save(COLD, text.replace("낮은 온도", "아주 낮은 온도"))
    second = submit(author)
    assert "아주 낮은 온도" in reviewer.ask("GET", f"/editions/{second}/preview").text
    assert approve(studio, second) == {"complete": True}

    author.save(COLD, text.replace("낮은 온도", "꽤 낮은 온도"))
    unapproved = studio.as_(PUBLISHER).ask("POST", "/releases/a3/publication")
    assert "꽤 낮은 온도" not in served(studio), "an edit voids the approval"
    assert unapproved.status_code in {200, 409}

    third = submit(author)
    assert third not in {first, second}
    assert approve(studio, third) == {"complete": True}
    released = studio.as_(PUBLISHER).post("/releases/a3/publication")
    assert released["demo"] is True
    assert released["editions"]
    assert "꽤 낮은 온도" in served(studio)

    number = str(released["editions"][0])
    gone = {"shelf": "a3", "edition": number, "reason": "mistake"}
    assert reviewer.post("/withdrawals", gone) == {"editions": [number]}
    assert "꽤 낮은 온도" not in served(studio)
    [withdrawn] = author.get("/withdrawals")
    assert (withdrawn["shelf"], withdrawn["reason"]) == ("a3", "mistake")
    assert reviewer.ask("POST", "/withdrawals", gone).status_code == 409


def approve_fails(studio: StudioUnderTest, digest: str) -> int:
    body = {"kind": "safety"}
    answer = studio.as_(REVIEWER).ask("POST", f"/editions/{digest}/approvals", body)
    return answer.status_code


@pytest.mark.parametrize("path", ["approvals", "sign-off-links"])
def test_whose_words_are_in_an_edition_neither_approves_it_nor_asks_others_to(
    studio: StudioUnderTest, path: str
) -> None:
    studio.add("들국화", (Role.AUTHOR, Role.SAFETY_REVIEWER, Role.PUBLISHER))
    both = studio.as_("들국화")
    text = both.get(f"/documents/{HEAT}")["text"]
    both.save(HEAT, text.replace("그늘에서", "시원한 그늘에서"))
    digest = submit(both)
    body = {"kind": "northern_reader", "pseudonym": "진눈깨비"}
    given = body if path.startswith("sign") else {"kind": "safety"}
    assert both.ask("POST", f"/editions/{digest}/{path}", given).status_code == 403


def test_nobody_waives_a_warning_on_their_own_text(studio: StudioUnderTest) -> None:
    studio.add("들국화", (Role.AUTHOR, Role.SAFETY_REVIEWER))
    both = studio.as_("들국화")
    text = both.get(f"/documents/{HEAT}")["text"]
    both.save(HEAT, text.replace("title: 더위에서", f"title: {'몹시 ' * 20}더위에서"))
    findings = both.get("/findings?page_size=100")
    [warned] = [each for each in findings if each["file"] == HEAT and each["severity"] == "warn"]
    waiver = {key: warned[key] for key in ("rule", "found")} | {
        "document": HEAT,
        "reason": "날씨를 말하는 대목입니다",
    }
    assert both.ask("POST", "/waivers", waiver).status_code == 403
    studio.as_(REVIEWER).post("/waivers", waiver)
    assert warned not in both.get("/findings?page_size=100")
    [kept] = both.get("/waivers")
    assert (kept["by"], kept["reason"]) == (REVIEWER, waiver["reason"])
    assert studio.as_(REVIEWER).ask("POST", "/waivers", waiver).status_code == 409


def test_two_who_began_from_one_revision_do_not_overwrite_each_other(
    studio: StudioUnderTest,
) -> None:
    author, other = studio.as_(AUTHOR), studio.as_(TRANSLATOR)
    read = author.ask("GET", f"/documents/{COLD}")
    tag = read.headers["ETag"]
    assert read.json is not None
    text = read.json["text"]
    first = author.ask("PUT", f"/documents/{COLD}", {"text": f"{text}\n하나"}, If_Match=tag)
    assert first.status_code == 200
    second = other.ask("PUT", f"/documents/{COLD}", {"text": f"{text}\n둘"}, If_Match=tag)
    assert second.status_code == 412
    assert author.get(f"/documents/{COLD}")["text"].endswith("하나")


def test_a_document_is_begun_taken_away_and_begun_again_and_its_revisions_stay(
    studio: StudioUnderTest,
) -> None:
    author, path = studio.as_(AUTHOR), "content_packs/warm/03-rain.md"
    assert author.save(path, "하나").status_code == 200
    tag = author.ask("GET", f"/documents/{path}").headers["ETag"]
    assert author.ask("DELETE", f"/documents/{path}", If_Match=tag).status_code == 204
    assert author.ask("GET", f"/documents/{path}").status_code == 404
    assert author.save(path, "둘").status_code == 200
    revisions = author.get(f"/revisions/{path}")
    assert [each["number"] for each in revisions] == [3, 2, 1]
    assert [each["digest"] is None for each in revisions] == [False, True, False]
    assert author.get(f"/revision/1/{path}")["text"] == "하나"
    assert author.ask("GET", f"/revision/2/{path}").status_code == 404


def test_a_changed_fact_is_written_into_its_lines_alone(studio: StudioUnderTest) -> None:
    author, path = studio.as_(AUTHOR), "content_packs/pay/facts.yaml"
    commented = "# 해마다 바뀝니다\n" + author.get(f"/documents/{path}")["text"]
    author.save(path, commented + "other_fact:\n  value: 7   # 적힌 그대로\n"
                "  unit: days\n  source: {title: 법, issuer: 국회}\n"
                "  seen_on: 2026-11-23\n  review_by: 2027-01-01\n")  # fmt: skip
    read = author.ask("GET", "/packs/pay/facts")
    assert read.json is not None
    assert [each["value"] for each in read.json] == ["10320", "7"]
    where, change = "/packs/pay/facts/minimum_wage_2026", {"value": "10500"}
    tag = read.headers["ETag"]
    assert author.ask("PATCH", where, change, If_Match=tag).status_code == 200
    text = author.get(f"/documents/{path}")["text"]
    assert text.startswith("# 해마다 바뀝니다\n")
    assert "value: 7   # 적힌 그대로" in text
    assert author.get("/packs/pay/facts")[0]["value"] == "10500"
    assert author.ask("PATCH", where, change, If_Match=tag).status_code == 412
    tag = author.ask("GET", "/packs/pay/facts").headers["ETag"]
    for wrong in ({"value": " "}, {"review_by": "2026-13-01"}, {"seen_on": "2029-01-01"}):
        assert author.ask("PATCH", where, wrong, If_Match=tag).status_code == 422
    missing = author.ask("PATCH", "/packs/pay/facts/no_such", change, If_Match=tag)
    assert missing.status_code == 404


def test_still_true_renews_the_dates_of_many_articles_at_once(studio: StudioUnderTest) -> None:
    reviewer = studio.as_(REVIEWER)
    body = {"paths": [COLD, HEAT, WAGE], "review_by": "2027-06-01"}
    assert reviewer.post("/still-true", body) == {"paths": body["paths"]}
    text = reviewer.get(f"/documents/{HEAT}")["text"]
    assert "review_by: 2027-06-01" in text
    assert f"checked_on: {date(2026, 11, 26)}" in text
    assert reviewer.ask("POST", "/still-true", {**body, "paths": ["content_packs/x/01-y.md"]}
                        ).status_code == 404  # fmt: skip


def test_a_text_that_is_not_saved_is_checked_and_nothing_of_it_is_kept(
    studio: StudioUnderTest,
) -> None:
    author = studio.as_(AUTHOR)
    text = author.get(f"/documents/{COLD}")["text"]
    found = author.post("/findings", {"path": COLD, "text": f"{text}\n{PLANTED}\n"})
    assert any("2345" in each["found"] for each in found)
    assert author.get(f"/documents/{COLD}")["text"] == text
    digests = {path.name for path in studio.desk.blobs.folder.rglob("*")}
    assert not any("2345" in name for name in digests)


def test_words_that_hurt_are_told_as_one_types_by_the_same_ids(studio: StudioUnderTest) -> None:
    author = studio.as_(AUTHOR)
    text = author.get(f"/documents/{COLD}")["text"]
    typed = f"{text}\n반드시 보호를 받습니다. 노동자는 앱을 켜세요.\n"
    found = author.post("/findings", {"path": COLD, "text": typed})
    mine = {each["rule"]: each for each in found if each["severity"] == "warn"}
    assert {"promise", "southern-spelling", "southern-word", "southern-ending"} <= set(mine)
    assert mine["southern-spelling"]["found"] == "노동"
    assert mine["southern-spelling"]["words"] == "Southern spelling: 노동. The North writes 로동."
    asked = {"path": COLD, "text": typed}
    answer = author.ask("POST", "/findings", asked, Accept_Language="ko-KR,ko;q=0.9")
    assert answer.json is not None
    [said] = [each for each in answer.json if each["rule"] == "promise"]
    assert said["words"].startswith("누구도 할 수 없는 약속입니다")
    assert said["advice"].endswith("그런 적이 있다.")


def test_a_link_shows_the_edition_signs_it_off_once_and_then_is_none(
    studio: StudioUnderTest,
) -> None:
    digest = submit(studio.as_(AUTHOR))
    made = studio.as_(REVIEWER).post(
        f"/editions/{digest}/sign-off-links", {"kind": "northern_reader", "pseudonym": "진눈깨비"}
    )
    path = made["path"].removeprefix(V1)
    page = studio.stranger().ask("GET", path)
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert "추위에서 몸을 지키기" in page.text
    assert studio.stranger().post(path) == {"complete": False}
    for method in ("GET", "POST"):
        assert studio.stranger().ask(method, path).status_code == 404
    shown = studio.as_(AUTHOR).get(f"/editions/{digest}")
    assert [(each["kind"], each["by"]) for each in shown["approvals"]] == [
        ("northern_reader", "진눈깨비")
    ]
    assert shown["missing"] == ["safety"]


def test_a_shelf_of_people_s_keys_is_not_signed_over_a_network(studio: StudioUnderTest) -> None:
    plan = studio.desk.data.ledger / "a3" / "plan.json"
    plan.parent.mkdir(parents=True)
    plan.write_text("{}", "utf-8")
    everything = studio.as_(EVERYTHING)
    withdrawal = {"shelf": "a3", "edition": "1", "reason": "danger"}
    for path, body in (("/releases/a3/publication", None), ("/withdrawals", withdrawal)):
        answer = everything.ask("POST", path, body)
        assert answer.status_code == 409
        assert "on the studio's host" in answer.text


def test_nothing_waits_where_nothing_was_prepared(shared: StudioUnderTest) -> None:
    publisher = shared.as_(PUBLISHER)
    demo = publisher.ask("POST", "/releases/a3/request")
    assert demo.status_code == 409
    assert "demo" in demo.text
    signatures = {"signatures": ["e30="]}
    assert publisher.ask("POST", "/releases/a3/signatures", signatures).status_code == 409
    assert publisher.ask("GET", "/releases/z9").status_code == 404
    assert {each["shelf"] for each in publisher.get("/releases")} == {"a3", "d5"}
