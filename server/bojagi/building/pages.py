"""Templates to pages: what a reader's browser gets, and the one-file rendition.

What always holds: no script, no address of another place, one neutral title, relative links only,
so that a tree serves the same under any path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import jinja2

from bojagi.building.style import content_security_policy, style
from bojagi.building.words import Words, mark
from bojagi.domain.edition import Edition, EditionArticle
from bojagi.domain.identifiers import LocaleCode

NEUTRAL_TITLE: Final = "자료"
"""The title of every page and file: 'materials', the same word in both Koreans."""

ERRORS: Final[Mapping[int, str]] = {
    404: mark("There is no such page."),
    405: mark("This page takes nothing that is sent to it."),
    413: mark("That is too much."),
    500: mark("This can't be opened now. Try again a little later."),
}
"""The words of the error pages, by status."""


@dataclass(frozen=True)
class Press:
    """What every page of one locale is made with.

    Attributes:
        tags: the language tag of each locale a card may speak.
        demo: every page says that nobody has approved it.
    """

    words: Words
    tags: Mapping[LocaleCode, str] = field(repr=False)
    demo: bool

    def shelf(self, editions: Sequence[tuple[int, str]]) -> str:
        """Write the list of a shelf's editions: their numbers and titles."""
        return self.write("shelf.html", up="", editions=editions)

    def edition(self, number: int, edition: Edition, *, note_first: bool) -> dict[str, str]:
        """Write the pages of an edition, by their addresses below the shelf.

        Args:
            number: the edition's number on its shelf.
            edition: the edition.
            note_first: the safety note stands on a page of its own before the list.
        """
        list_address = f"{number}/0" if note_first else f"{number}"
        shared = {"edition": edition, "number": number, "note_first": note_first}
        pages: dict[str, str] = {}
        if note_first:
            pages[f"{number}"] = self.write("note.html", up="", **shared)
        pages[list_address] = self.write("edition.html", up="../" * note_first, **shared)
        articles = (None, *edition.articles, None)
        for before, article, after in zip(articles, articles[1:], articles[2:], strict=False):
            assert article is not None  # noqa: S101 - only the ends are None
            pages[f"{number}/{article.number}"] = self.write(
                "article.html",
                up="../",
                list_address=list_address,
                article=article,
                before=before,
                after=after,
            )
        return pages

    def file(self, edition: Edition, articles: Sequence[EditionArticle]) -> str:
        """Write articles of an edition as one file that opens from a card with no network."""
        return self.write("file.html", edition=edition, articles=articles)

    def error(self, status: int) -> str:
        """Write the page of an HTTP error."""
        return self.write("message.html", message=self.words(ERRORS[status]))

    def write(self, template: str, **values: Any) -> str:  # noqa: ANN401
        """Fill a template."""
        return (
            _templates()
            .get_template(template)
            .render(
                words=self.words,
                tags=self.tags,
                demo=self.demo,
                neutral_title=NEUTRAL_TITLE,
                style=style(),
                csp=content_security_policy(),
                **values,
            )
        )


def out() -> str:
    """Write the blank page that is one tap away from every other."""
    return _templates().get_template("out.html").render(neutral_title=NEUTRAL_TITLE)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("bojagi.building"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
