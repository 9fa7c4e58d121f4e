"""Small real projects on disk: two packs on two shelves, with pictures, facts and a catalogue."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from string import ascii_lowercase
from tempfile import TemporaryDirectory
from typing import Final

import polib
from PIL import Image, ImageDraw
from tests.warm import WarmProcess

import bojagi
from bojagi.authoring.catalogues import merge
from bojagi.authoring.library import Library, read_library
from bojagi.authoring.pack_folder import pack_files, read_pack
from bojagi.domain.approval import Approval
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.pack import SignOff
from bojagi.services.publishing import Gate

PROJECT: Final = Path(__file__).resolve().parents[1]
DAY: Final = datetime(2026, 11, 26, 9, tzinfo=UTC)
"""When test shelves are signed."""


def all_signed_off(digest: str) -> tuple[Approval, ...]:
    """Return every sign-off there is, for whatever it is."""
    return tuple(Approval(digest, kind, f"{kind} 소나무", DAY.date()) for kind in SignOff)


OPEN_GATE: Final = Gate({}, all_signed_off)
"""A gate for tests of what comes after it."""

WARM: Final = "content_packs/warm"
PAY: Final = "content_packs/pay"
COLD: Final = f"{WARM}/01-cold.md"
HEAT: Final = f"{WARM}/02-heat.md"
WAGE: Final = f"{PAY}/01-wage.md"
WARM_EN: Final = "i18n/en/LC_MESSAGES/warm.po"

SHELVES: Final = """\
# What each place offers.
a3:
  audiences: [worker]
  locales: [ko_KP, en]
  library_locale: ko_KR
  ceiling: ordinary
  sealed: false
d5:
  audiences: [settled]
  locales: [ko_KR, en]
  library_locale: ko_KR
  ceiling: ordinary
  sealed: false
"""
LOCALES: Final = """\
ko_KP:
  own_name: 조선말
  language_tag: ko
ko_KR:
  own_name: 한국어
  language_tag: ko
en:
  own_name: English
  language_tag: en
ru:
  own_name: Русский
  language_tag: ru
"""
HOTLINES: Final = """\
labour_line:
  number: "1350"
  what_for: 일터 문제를 물어보는 전화
  jurisdiction: KR
  source: {title: 노무상담 문의 방법, issuer: 고용노동부, seen_on: 2026-11-23}
  dialled_on: never
"""
WARM_PACK: Final = """\
id: warm
number: 1          # for ever
version: 1
issued: 2026-11-23
title: 일터에서 몸을 지키기
source_locale: ko_KP
audience: worker
exposure: ordinary
shelf: a3
jurisdictions: [any]
licence: CC-BY-SA-4.0
publisher: demo
sign_offs: [safety, northern_reader]
articles: [cold, heat]   # the order readers see
"""
PAY_PACK: Final = """\
id: pay
number: 1
version: 1
issued: 2026-11-23
title: 남쪽에서 일할 때 알아 둘 것
source_locale: ko_KR
audience: settled
exposure: ordinary
shelf: d5
jurisdictions: [KR]
licence: CC-BY-SA-4.0
publisher: demo
sign_offs: [safety, labour_lawyer]
articles: [wage]
"""
FRONT: Final = """\
---
id: {id}
title: {title}
summary: {summary}
sources:
  - title: Protecting Yourself from Cold Stress
    issuer: NIOSH   # read twice
    seen_on: 2026-11-23
  - title: Frostbite
    issuer: NHS
    to_check: 의사를 찾는 기준
checked_on: 2026-11-23
review_by: 2027-05-23
review_class: guidance
jurisdictions: [any]
time_critical: false
{cards}---
"""
COLD_BODY: Final = """\
낮은 온도와 바람과 젖은 옷이 함께 몸을 식힙니다.

## 일하기 전에

- 헐렁한 옷을 여러벌 껴입고 모자를 쓰십시오.
- 마른 양말과 장갑을 한벌 더 갖추십시오.

![장갑을 낀 손](images/gloves.png)

> 감각이 없어지면 곧 따뜻한 곳으로 가십시오.
"""
HEAT_BODY: Final = """\
더운 날에는 물을 자주 마시고 그늘에서 쉬십시오.

| 표시 | 할 일 |
|---|---|
| 어지럽다 | 그늘에 눕는다 |
"""
CARDS: Final = """\
cards:
  - text: 여기가 아픕니다.
    lines:
      - locale: ru
        text: У меня болит здесь.
        reading: 우 메냐 발리트 즈제시
"""
WAGE_BODY: Final = """\
2026년 최저임금은 한 시간에 {fact:minimum_wage_2026}원입니다.

물어볼 곳은 {hotline:labour_line}입니다.
"""
FACTS: Final = """\
minimum_wage_2026:
  value: 10320
  unit: KRW per hour
  source: {title: 2026년 최저임금 고시, issuer: 고용노동부, address: https://www.law.go.kr/}
  seen_on: 2026-11-23
  review_by: 2026-12-31
"""


@dataclass(frozen=True)
class Project:
    """A project's folder: `content_packs/` and `i18n/`, and where its data goes.

    Packs: `warm` on shelf a3, for workers, with an English catalogue; `pay` on shelf d5.
    """

    root: Path

    @property
    def data(self) -> Path:
        """Where what is built goes."""
        return self.root.parent / "var"

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file, its folders too."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def read(self, name: str) -> str:
        """Return a file's text."""
        return (self.root / name).read_bytes().decode("utf-8")

    def replace(self, name: str, old: str, new: str) -> Path:
        """Replace words of a file that must be there."""
        text = self.read(name)
        assert old in text, f"{name} holds no {old!r}"
        return self.write(name, text.replace(old, new))

    def library(self) -> Library:
        """Read what stands there."""
        return read_library(self.root)

    def run(self, *arguments: str | Path, **environment: str) -> Ran:
        """Run `bojagi` as a person would, in this folder."""
        command, *rest = arguments
        if command in {"check", "build", "serve"}:
            rest = ["--root", self.root, *rest]
        if command in {"build", "serve"} and "--data" not in rest:
            rest = ["--data", self.data, *rest]
        return run(str(command), *map(str, rest), **environment)


@dataclass(frozen=True)
class Ran:
    """What a run of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All it said."""
        return self.out + self.err


def environment_of_ours(**more: str) -> dict[str, str]:
    """Return an environment that finds this very package, whatever the folder."""
    package = str(Path(bojagi.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": package, "LC_ALL": "C.UTF-8", **more}


@cache
def _warm_process() -> WarmProcess:
    with TemporaryDirectory() as folder:
        return WarmProcess(environment_of_ours(), make_project(Path(folder) / "project").root)


def run(*arguments: str, **environment: str) -> Ran:
    """Run `bojagi` in a process of its own: a new one where the environment is another."""
    if not environment:
        return Ran(*_warm_process().run(arguments, environment_of_ours()))
    done = subprocess.run(
        [sys.executable, "-m", "bojagi.cli", *arguments],
        env=environment_of_ours(**environment),
        capture_output=True,
        check=False,
        timeout=120,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def article(
    name: str, title: str, body: str, *, summary: str = "표시와 할 일", cards: str = ""
) -> str:
    """Return the text of an article's file."""
    return FRONT.format(id=name, title=title, summary=summary, cards=cards) + body


def make_project(root: Path) -> Project:
    """Make a project that checks, builds and serves without a fault."""
    project = Project(root)
    project.write("content_packs/README.md", "# Packs\n")
    project.write("content_packs/shelves.yaml", SHELVES)
    project.write("content_packs/hotlines.yaml", HOTLINES)
    project.write("i18n/locales.yaml", LOCALES)
    for locale in ("ko_KP", "ko_KR"):
        name = f"i18n/{locale}/LC_MESSAGES/interface.po"
        (root / name).parent.mkdir(parents=True)
        shutil.copy(PROJECT / name, root / name)
    project.write(f"{WARM}/pack.yaml", WARM_PACK)
    project.write(f"{WARM}/images/gloves.png", drawing())
    project.write(COLD, article("cold", "추위에서 몸을 지키기", COLD_BODY))
    project.write(HEAT, article("heat", "더위에서 몸을 지키기", HEAT_BODY, cards=CARDS))
    project.write(f"{PAY}/pack.yaml", PAY_PACK)
    project.write(f"{PAY}/facts.yaml", FACTS)
    project.write(WAGE, article("wage", "최저임금", WAGE_BODY).replace("[any]", "[KR]"))
    for pack in (WARM, PAY):
        project.write(
            f"{pack}/units.yaml", pack_files(read_pack(root / pack, pack).pack, {})["units.yaml"]
        )
    project.write(WARM_EN, translated_catalogue(root / WARM))
    return project


def translated_catalogue(folder: Path) -> str:
    """Return an English catalogue of a pack in which every unit is translated."""
    pack = read_pack(folder, f"content_packs/{folder.name}").pack
    catalogue = polib.pofile(merge(pack, LocaleCode("en"), None), wrapwidth=0)
    for letter, entry in zip(ascii_lowercase, catalogue, strict=False):
        is_picture = entry.msgid.startswith("![")
        entry.msgstr = "![gloves](images/gloves.png)" if is_picture else f"words {letter}"
    return str(catalogue)


def drawing(size: tuple[int, int] = (120, 80), mode: str = "RGBA") -> bytes:
    """Return a small PNG: two strokes, and nothing where nobody drew."""
    image = Image.new(mode, size)
    pen = ImageDraw.Draw(image)
    pen.line((5, 5, size[0] - 5, size[1] - 5), fill="black", width=3)
    pen.ellipse((size[0] // 3, 10, size[0] // 2, 40), outline="black")
    return png(image)


def png(image: Image.Image, **options: object) -> bytes:
    """Return a picture as PNG."""
    target = BytesIO()
    image.save(target, "PNG", **options)
    return target.getvalue()
