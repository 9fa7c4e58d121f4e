"""What one edition adds to its shelf: neutral, light, the same every time."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from tests.making import PROJECT, Project

from bojagi.authoring.library import Library, read_library
from bojagi.authoring.pack_folder import PackFolder
from bojagi.building.artifact import (
    CARD_FILE,
    DOWNLOADS,
    EDITION_FILE,
    Artifact,
    EditionCard,
    build_artifact,
    neutral_name,
    weighed,
)
from bojagi.building.compression import compressed_variants, packed_size
from bojagi.building.edition import build_edition, source_wording
from bojagi.building.tree import PUBLIC, current_tree, read_order, read_routes
from bojagi.domain import limits
from bojagi.domain.edition import Edition
from bojagi.domain.exposure import Exposure
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.shelf import Shelf
from bojagi.errors import OverBudgetError
from bojagi.services.editions import editions_of, press_for, wording_of

KP, KR, EN = LocaleCode("ko_KP"), LocaleCode("ko_KR"), LocaleCode("en")


@pytest.fixture(scope="module")
def real() -> Library:
    return read_library(PROJECT)


@pytest.fixture(scope="module")
def real_trees(published: Path) -> dict[str, Path]:
    """The trees of the real packs, by shelf."""
    shelves = published / "shelves"
    found = {code: current_tree(shelves / code) for code in read_order(shelves)}
    return {code: tree for code, tree in found.items() if tree is not None}


def build_one(folder: PackFolder, locale: LocaleCode, shelf: Shelf, library: Library) -> Artifact:
    press = press_for(locale, library, demo=True)
    texts = wording_of(folder, locale, library)
    edition = build_edition(folder.pack, press.words, texts, library.hotlines)
    return build_artifact(shelf.edition_number(folder.pack.number, locale), edition, press)


def small(project: Project, name: str) -> Edition:
    library = project.library()
    pack = library.folders[PackId(name)].pack
    words = press_for(pack.source_locale, library, demo=True).words
    return build_edition(pack, words, source_wording(pack), library.hotlines)


def built(project: Project, edition: Edition) -> Artifact:
    return build_artifact(1, edition, press_for(edition.locale, project.library(), demo=True))


def noise(count: int, seed: int = 1) -> str:
    """Return text that no compression makes much smaller."""
    letters = random.Random(seed)  # noqa: S311 - the same noise every time
    return "".join(chr(letters.randrange(0xAC00, 0xD7A3)) for _ in range(count))


def only(names: list[PackId], library: Library) -> Library:
    return replace(library, folders={name: library.folders[name] for name in names})


def all_artifacts(library: Library) -> Iterable[tuple[Shelf, Artifact]]:
    for shelf in library.shelves.values():
        for folder, locale in editions_of(shelf, library):
            if not shelf.sealed:
                yield shelf, build_one(folder, locale, shelf, library)


@pytest.fixture(scope="module")
def artifacts(real: Library) -> list[Artifact]:
    """Every edition of the open shelves."""
    return [artifact for _, artifact in all_artifacts(real)]


def test_the_same_edition_gives_the_same_files(real: Library) -> None:
    kept = list(real.folders)[::4]
    once, again = (
        [dict(artifact.files) for _, artifact in all_artifacts(only(kept, library))]
        for library in (real, read_library(PROJECT))
    )
    assert once
    assert once == again


def test_file_names_say_nothing_and_no_two_are_alike(artifacts: list[Artifact]) -> None:
    names = [download.name for artifact in artifacts for download in artifact.card.downloads]
    assert names
    assert all(re.fullmatch(r"\d{12}\.html", name) for name in names)
    assert len(set(names)) == len(names)


@given(st.binary(max_size=40))
def test_a_name_is_twelve_digits_whatever_the_content(content: bytes) -> None:
    assert re.fullmatch(r"\d{12}\.html", neutral_name(content))
    assert neutral_name(content) == neutral_name(bytes(content))


def test_every_download_is_one_of_the_files_and_as_heavy_as_it_says(project: Project) -> None:
    artifact = built(project, small(project, "warm"))
    assert len(artifact.card.downloads) == 3
    for download in artifact.card.downloads:
        assert len(artifact.files[DOWNLOADS + download.name]) == download.size


def test_a_card_is_read_as_it_was_written(artifacts: list[Artifact]) -> None:
    for artifact in artifacts:
        assert EditionCard.from_bytes(artifact.card.to_bytes()) == artifact.card
        assert artifact.files[CARD_FILE] == artifact.card.to_bytes()


def test_an_edition_in_another_locale_than_its_source_has_no_pages(project: Project) -> None:
    library = project.library()
    folder = library.folders[PackId("warm")]
    shelf = next(iter(library.shelves.values()))
    artifact = build_one(folder, EN, shelf, library)
    assert not artifact.card.has_pages
    assert not [path for path in artifact.files if path.startswith("pages/")]
    assert artifact.card.downloads
    assert artifact.card.number == 101


def test_a_sensitive_edition_shows_its_note_first(project: Project) -> None:
    edition = replace(small(project, "warm"), exposure=Exposure.SENSITIVE)
    artifact = built(project, edition)
    note = artifact.files["pages/1.html"].decode()
    assert edition.note in note
    assert edition.articles[0].title not in note
    assert 'href="1/0"' in note
    assert edition.articles[0].title in artifact.files["pages/1/0.html"].decode()


@pytest.mark.parametrize("exposure", [Exposure.DANGEROUS, Exposure.GRAVE])
def test_a_dangerous_edition_has_neither_pages_nor_plain_files(
    project: Project, exposure: Exposure
) -> None:
    artifact = built(project, replace(small(project, "warm"), exposure=exposure))
    plain = {path for path in artifact.files if not path.endswith((".br", ".zst", ".gz"))}
    assert plain == {EDITION_FILE, CARD_FILE}


def test_an_edition_too_heavy_names_its_heaviest_articles(project: Project) -> None:
    edition = small(project, "warm")
    one, other = edition.articles
    heavy = replace(
        edition,
        articles=(
            replace(one, html=f"<p>{noise(12_000)}</p>"),
            replace(other, html=f"<p>{noise(24_000, seed=2)}</p>"),
        ),
    )
    with pytest.raises(OverBudgetError, match="limit of 49152 B; heaviest: 더위") as refusal:
        weighed(heavy)
    assert [name for name, _ in refusal.value.parts] == [other.title, one.title]
    assert refusal.value.size > limits.EDITION_COMPRESSED_BYTES


def test_a_first_page_too_heavy_for_its_first_round_trip_is_refused(project: Project) -> None:
    edition = small(project, "warm")
    one, other = edition.articles
    heavy = replace(edition, articles=(replace(one, html=f"<p>{noise(6_000)}</p>"), other))
    with pytest.raises(OverBudgetError, match="the list and the first article") as refusal:
        built(project, heavy)
    assert dict(refusal.value.parts).keys() == {"pages/1.html", "pages/1/1.html"}
    light = built(project, replace(edition, articles=(other, heavy.articles[0])))
    assert light.card.has_pages


def test_the_real_editions_are_within_their_budgets(artifacts: list[Artifact]) -> None:
    for artifact in artifacts:
        assert packed_size(artifact.files[EDITION_FILE]) <= limits.EDITION_COMPRESSED_BYTES


@given(st.binary(max_size=2000))
def test_packed_forms_open_to_the_same_bytes_and_are_smaller(content: bytes) -> None:
    variants = compressed_variants(content)
    assert variants == compressed_variants(content)
    open_ = {
        ".br": brotli.decompress,
        ".zst": zstandard.ZstdDecompressor().decompress,
        ".gz": gzip.decompress,
    }
    for suffix, packed in variants.items():
        assert open_[suffix](packed) == content
        assert len(packed) < len(content)


def test_gzip_tells_no_time_and_no_name() -> None:
    packed = compressed_variants("같은 말 ".encode() * 50)[".gz"]
    assert packed[3] == 0  # no name, no comment (RFC 1952, section 2.3.1)
    assert packed[4:8] == bytes(4)  # no time


class Links(HTMLParser):
    """Gathers every address a page names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.add(value or "")
            if name in {"href", "src", "action", "srcset", "poster", "data"}:
                self.found.append((tag, value or ""))


def test_every_link_of_the_real_trees_is_relative_and_leads_somewhere(
    real_trees: dict[str, Path],
) -> None:
    walked = 0
    for tree in real_trees.values():
        routes = read_routes(tree)
        for address, route in routes.items():
            if not route.path.endswith(".html"):
                continue
            page = Links((tree / PUBLIC / route.path).read_text("utf-8"))
            for tag, link in page.found:
                if link.startswith("data:"):
                    assert (tag, link) == ("link", "data:,") or tag == "img"
                    continue
                walked += 1
                parts = urlsplit(link)
                assert not parts.scheme
                assert not parts.netloc
                assert not link.startswith("/")
                if not parts.path:
                    assert parts.fragment in page.ids
                    continue
                target = urlsplit(urljoin(f"http://host/deep/{address}", link)).path
                assert target.startswith("/deep/"), f"{address} leads out of its shelf: {link}"
                assert target.removeprefix("/deep/") in routes, f"{address} -> {link}"
    assert walked > 100


def test_every_page_can_be_reached_from_the_first_or_from_the_library(
    real_trees: dict[str, Path],
) -> None:
    for tree in real_trees.values():
        routes = read_routes(tree)
        reached: set[str] = set()
        waiting: list[str] = [each for each in ("", "library/") if each in routes]
        while waiting:
            address = waiting.pop()
            if address in reached:
                continue
            reached.add(address)
            if not routes[address].path.endswith(".html"):
                continue
            page = Links((tree / PUBLIC / routes[address].path).read_text("utf-8"))
            waiting += [
                urlsplit(urljoin(f"http://host/{address}", link)).path[1:]
                for tag, link in page.found
                if tag == "a" and not link.startswith("#")
            ]
        meant_for_programs = {each for each in routes if each.startswith("repository/")}
        if "" in routes:
            assert reached == set(routes) - meant_for_programs
        else:
            assert set(routes) - meant_for_programs == {"out"}, "a sealed shelf has no page"


def test_pages_have_one_title_no_script_and_no_place_of_others(real_trees: dict[str, Path]) -> None:
    for tree in real_trees.values():
        for path in tree.rglob("*.html"):
            html = path.read_text("utf-8")
            assert re.findall("<title>(.*?)</title>", html) == ["자료"]
            assert not re.search(r"<(script|iframe|form|object|embed|video|audio|base)\b", html)
            assert not re.search(r"\son\w+=|javascript:|@import|url\(", html)
            assert not re.search('<link(?! rel="icon" href="data:,")', html)


def test_readers_pages_name_no_tool_publisher_or_source(
    real: Library, real_trees: dict[str, Path]
) -> None:
    pack = real.folders[PackId("site-safety")].pack
    issuers = {source.issuer for article in pack.articles for source in article.sources}
    for path in real_trees["a3"].rglob("*"):
        if not path.is_file() or path.suffix not in {".html", ".json"}:
            continue
        text = re.sub('base64,[^"]*', "", path.read_text("utf-8"))  # a drawing's letters
        for word in ("bojagi", "보자기", 'name="generator"', "CC-BY", *issuers):
            assert word not in text.replace("bojagi-tree/2", ""), f"{path.name} names {word}"
