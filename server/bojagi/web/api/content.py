"""Packs, documents and their revisions, findings, facts, waivers, 'still true'."""

from __future__ import annotations

import base64
from typing import Any, Final

from flask_smorest.pagination import PaginationParameters

from bojagi.services.facts import facts_path
from bojagi.web.api.access import may_answer, person, rule
from bojagi.web.api.fields import Sent, Words
from bojagi.web.api.routing import Answered, Routes, began_from, items_of, page_of, part_of, tag_of
from bojagi.web.api.schemas import (
    ContentSchema,
    DocumentSchema,
    FactChangeSchema,
    FactSchema,
    FindingSchema,
    PackSchema,
    RenewedSchema,
    RevisionSchema,
    SavedSchema,
    SaveSchema,
    StillTrueSchema,
    UnsavedSchema,
    WaiverSchema,
)
from bojagi.web.api.workbench import bench, now

routes: Final = Routes("content", "What the packs say, and what the checks say of it")
_PACK: Final = "/packs/<string(maxlength=40):pack>"
_DOCUMENT: Final = "/documents/<path:path>"
_REVISIONS: Final = "/revisions/<path:path>"

_ARTICLE: Final = "content_packs/warm/01-cold.md"
_PACK_EXAMPLE: Final = {
    "id": "warm",
    "number": 1,
    "version": 1,
    "title": "일터에서 몸을 지키기",
    "audience": "worker",
    "exposure": "ordinary",
    "shelf": "a3",
    "source_locale": "ko_KP",
    "publisher": "demo",
    "articles": ["cold", "heat"],
    "needed_sign_offs": ["safety", "northern_reader"],
    "review_by": "2027-05-23",
}
_CONTENT: Final = {"path": _ARTICLE, "number": 3, "text": "---\nid: cold\n…", "base64": None}
_FINDING: Final = {
    "rule": "phone",
    "severity": "block",
    "file": _ARTICLE,
    "line": 23,
    "column": 5,
    "found": "010-1234-5678",
    "words": "A telephone number: 010-1234-5678",
    "advice": "Take the number out.",
}
_FACT: Final = {
    "id": "minimum_wage_2026",
    "pack": "pay",
    "value": "10320",
    "unit": "KRW per hour",
    "source": "2026년 최저임금 고시",
    "seen_on": "2026-11-23",
    "review_by": "2026-12-31",
}
_WAIVER: Final = {
    "document": _ARTICLE,
    "rule": "promise",
    "found": "반드시",
    "reason": "it is about a bandage",
}


class DocumentQuery(Sent):
    """Which documents."""

    pack = Words(40, 0, required=False, load_default="")


@routes.at("GET", "/packs")
@rule("read")
@routes.answers(200, PackSchema(many=True), example=[_PACK_EXAMPLE])
@routes.in_pages()
def list_packs(pagination_parameters: PaginationParameters) -> Answered:
    """List the packs that can be read; what is wrong with others the findings tell."""
    found = [_pack(folder.pack) for folder in bench().listing.packs()]
    return part_of(found, pagination_parameters)


@routes.at("GET", _PACK)
@rule("read")
@routes.answers(200, PackSchema, example=_PACK_EXAMPLE)
def show_pack(pack: str) -> Answered:
    """Show one pack."""
    return _pack(bench().listing.pack(pack).pack)


@routes.at("GET", "/documents")
@rule("read")
@routes.takes(DocumentQuery, location="query")
@routes.answers(
    200,
    DocumentSchema(many=True),
    example=[{"path": _ARTICLE, "pack": "warm", "locale": "", "number": 3, "digest": "9f86…"}],
)
@routes.in_pages()
def list_documents(query: dict[str, str], pagination_parameters: PaginationParameters) -> Answered:
    """List the documents that stand: articles, settings, facts, catalogues, pictures."""
    listed = bench().listing.documents(query["pack"], page_of(pagination_parameters))
    return items_of(listed, pagination_parameters)


@routes.at("GET", _DOCUMENT)
@rule("read")
@routes.answers(200, ContentSchema, example=_CONTENT)
def read_document(path: str) -> Answered:
    """Read a document; its ETag is what a save says it began from."""
    content, number = bench().listing.document(path)
    return _content(path, content, number), {"ETag": tag_of(number)}


@routes.at("PUT", _DOCUMENT)
@rule("save")
@may_answer(409, 412, 428)
@routes.takes(SaveSchema, example={"text": "---\nid: cold\n…"})
@routes.answers(200, SavedSchema, example={"path": _ARTICLE, "number": 4})
def save_document(data: dict[str, Any], path: str) -> Answered:
    """Save a document as a new revision."""
    content = data["text"].encode() if "text" in data else data["base64"]
    number, stands = bench().listing.standing(path)
    before = began_from(number, stands=stands)
    saved = bench().desk.save(person(), path, content, before, now())
    return {"path": path, "number": saved}, {"ETag": tag_of(saved)}


@routes.at("DELETE", _DOCUMENT)
@rule("save")
@may_answer(409, 412, 428)
@routes.answers(204)
def remove_document(path: str) -> None:
    """Take a document away; its revisions stay."""
    number, stands = bench().listing.standing(path)
    bench().desk.save(person(), path, None, began_from(number, stands=stands), now())


@routes.at("GET", _REVISIONS)
@rule("read")
@routes.answers(
    200,
    RevisionSchema(many=True),
    example=[{"number": 3, "digest": "9f86…", "by": "소나무", "at": "2026-11-26T09:00:00+00:00"}],
)
@routes.in_pages()
def list_revisions(path: str, pagination_parameters: PaginationParameters) -> Answered:
    """List the revisions of a document, newest first."""
    listed = bench().listing.revisions(path, page_of(pagination_parameters))
    return items_of(listed, pagination_parameters)


@routes.at("GET", "/revision/<count:number>/<path:path>")
@rule("read")
@routes.answers(200, ContentSchema, example=_CONTENT)
def read_revision(number: int, path: str) -> Answered:
    """Read one revision of a document."""
    content, found = bench().listing.document(path, number)
    return _content(path, content, found), {"ETag": tag_of(found)}


@routes.at("GET", "/findings")
@rule("read")
@routes.answers(200, FindingSchema(many=True), example=[_FINDING])
@routes.in_pages()
def list_findings(pagination_parameters: PaginationParameters) -> Answered:
    """Check everything as it stands."""
    return part_of(list(bench().desk.check(now().date())), pagination_parameters)


@routes.at("POST", "/findings")
@rule("save")
@routes.takes(UnsavedSchema, example={"path": _ARTICLE, "text": "---\nid: cold\n…"})
@routes.answers(200, FindingSchema(many=True), example=[_FINDING])
def check_unsaved(data: dict[str, Any]) -> Answered:
    """Check a text that isn't saved, among everything that stands; nothing of it is kept."""
    content = data["text"].encode() if "text" in data else data["base64"]
    path = data["path"]
    found = bench().desk.check(now().date(), {path: content})
    return [finding for finding in found if finding.place.file == path]


@routes.at("GET", f"{_PACK}/facts")
@rule("read")
@routes.answers(200, FactSchema(many=True), example=[_FACT])
def list_facts(pack: str) -> Answered:
    """List the facts of a pack; the ETag is what a change says it began from."""
    found, number = bench().listing.facts(pack)
    return found, {"ETag": tag_of(number)}


@routes.at("PATCH", f"{_PACK}/facts/<string(maxlength=40):fact>")
@rule("change_fact")
@may_answer(412, 428)
@routes.takes(FactChangeSchema, example={"value": "10500", "seen_on": "2026-11-26"})
@routes.answers(200, SavedSchema, example={"path": "content_packs/pay/facts.yaml", "number": 2})
def change_fact(data: dict[str, str], pack: str, fact: str) -> Answered:
    """Change a fact; every locale's editions have other bytes then, and are reviewed anew."""
    path = facts_path(pack)
    number, stands = bench().listing.standing(path)
    before = began_from(number, stands=stands)
    saved = bench().desk.change_fact(person(), pack, fact, data, before, now())
    return {"path": path, "number": saved}, {"ETag": tag_of(saved)}


@routes.at("GET", "/waivers")
@rule("read")
@routes.answers(200, WaiverSchema(many=True), example=[_WAIVER])
@routes.in_pages()
def list_waivers(pagination_parameters: PaginationParameters) -> Answered:
    """List the warnings that a second person let stand."""
    listed = bench().listing.waivers(page_of(pagination_parameters))
    return items_of(listed, pagination_parameters)


@routes.at("POST", "/waivers")
@rule("waive")
@may_answer(409)
@routes.takes(WaiverSchema, example=_WAIVER)
@routes.answers(201, WaiverSchema, example=_WAIVER)
def waive(data: dict[str, str]) -> Answered:
    """Let a warning stand on a document's present bytes; nobody does it to their own text."""
    which = (data["document"], data["rule"], data["found"], data["reason"])
    bench().desk.waive(person(), *which, now())
    return data


@routes.at("POST", "/still-true")
@rule("still_true")
@may_answer(404, 409)
@routes.takes(StillTrueSchema, example={"paths": [_ARTICLE], "review_by": "2027-05-23"})
@routes.answers(200, RenewedSchema, example={"paths": [_ARTICLE]})
def still_true(data: dict[str, Any]) -> Answered:
    """Renew the dates of articles that somebody has checked again."""
    renewed = bench().desk.still_true(person(), data["paths"], data["review_by"], now())
    return {"paths": renewed}


def _pack(pack: Any) -> dict[str, Any]:  # noqa: ANN401 - its attributes are the schema's
    return {
        **{name: getattr(pack, name) for name in PackSchema().fields if name != "articles"},
        "articles": [article.id for article in pack.articles],
    }


def _content(path: str, content: bytes, number: int) -> dict[str, Any]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        packed = base64.b64encode(content).decode("ascii")
        return {"path": path, "number": number, "text": None, "base64": packed}
    return {"path": path, "number": number, "text": text, "base64": None}
