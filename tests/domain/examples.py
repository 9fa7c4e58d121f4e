"""A whole publisher's shelf in small: every object right, for tests to change one thing in."""

from __future__ import annotations

from datetime import date
from typing import Final

from bojagi.domain.edition import Edition, EditionArticle
from bojagi.domain.exposure import Audience, Exposure
from bojagi.domain.identifiers import (
    ArticleId,
    FactId,
    Jurisdiction,
    PackId,
    ShelfCode,
    UnitId,
)
from bojagi.domain.locales import EN, KO_KP, KO_KR
from bojagi.domain.pack import (
    Article,
    Card,
    CardLine,
    Pack,
    ReviewClass,
    SignOff,
    Unit,
    UnitKind,
)
from bojagi.domain.shelf import Shelf
from bojagi.domain.sources import Fact, Hotline, Source

CHECKED_ON: Final = date(2026, 11, 23)

SOURCE: Final = Source(
    "추위에서 일할 때의 건강", "보건기관", "https://health.example", seen_on=CHECKED_ON
)
FACT: Final = Fact(FactId("minimum_wage_2026"), 10320, "KRW", SOURCE, date(2026, 12, 31))
HOTLINE: Final = Hotline(
    FactId("ambulance"), "112", "응급환자", Jurisdiction("RU"), SOURCE, dialled_on=None
)
CARD: Final = Card("배가 아픕니다", (CardLine(EN, "My stomach hurts.", "마이 스토먹 허츠"),))
UNITS: Final = (
    Unit(UnitId("title"), UnitKind.TITLE, "추위"),
    Unit(UnitId("summary"), UnitKind.SUMMARY, "언 손을 덥히는 법"),
    Unit(UnitId("abc234"), UnitKind.PARAGRAPH, "손을 겨드랑이에 넣으십시오."),
)
ARTICLE: Final = Article(
    id=ArticleId("cold"),
    number=1,
    title="추위",
    summary="언 손을 덥히는 법",
    body="손을 겨드랑이에 넣으십시오.\n",
    sources=(SOURCE,),
    checked_on=CHECKED_ON,
    review_by=date(2027, 11, 23),
    review_class=ReviewClass.GUIDANCE,
    jurisdictions=(Jurisdiction("any"),),
    cards=(CARD,),
    units=UNITS,
)
PACK: Final = Pack(
    id=PackId("site-safety"),
    number=1,
    version=3,
    issued=CHECKED_ON,
    title="로동안전",
    source_locale=KO_KP,
    audience=Audience.WORKER,
    exposure=Exposure.ORDINARY,
    shelf=ShelfCode("a3"),
    jurisdictions=(Jurisdiction("any"),),
    licence="CC-BY-SA-4.0",
    publisher="demo",
    sign_offs=(SignOff.SAFETY,),
    articles=(ARTICLE,),
    facts={FACT.id: FACT},
)
SHELF: Final = Shelf(
    code=ShelfCode("a3"),
    audiences=(Audience.WORKER,),
    locales=(KO_KP, EN),
    library_locale=KO_KR,
    ceiling=Exposure.ORDINARY,
    sealed=False,
)
EDITION_ARTICLE: Final = EditionArticle(
    number=1,
    title="추위",
    summary="언 손을 덥히는 법",
    html="<p>손을 <strong>겨드랑이</strong>에 넣으십시오.</p>",
    checked_on=CHECKED_ON,
    review_by=date(2027, 11, 23),
    time_critical=False,
    cards=(CARD,),
)
EDITION: Final = Edition(
    pack=1,
    locale=KO_KP,
    version=3,
    audience=Audience.WORKER,
    exposure=Exposure.ORDINARY,
    title="로동안전",
    note="이 글은 이름을 묻지 않습니다.",
    issued=CHECKED_ON,
    review_by=date(2026, 12, 31),
    articles=(EDITION_ARTICLE,),
)
"""For workers, without sources."""
