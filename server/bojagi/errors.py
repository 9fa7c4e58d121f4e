"""Every error a person can meet, in one tree.

    BojagiError                     something a person can act on; never a bug
    ├── InvalidValueError           a value that can't be what it claims to be
    │   └── NotThereError           no such document, edition, pack or person
    ├── SourceError                 a file of the content folders; says where, what was expected
    ├── MarkupError                 Markdown outside the allow-list, or units that don't fit
    ├── UntranslatedError           words that a locale lacks, so that nothing is shown in it
    ├── ImageError                  a picture that can't be rebuilt from its pixels
    ├── OverBudgetError             an article, edition or page heavier than its limit
    ├── DataFolderError             the data folder can't be used: newer, in use, not writable
    ├── KeyFileError                a key's file that can't be opened, a passphrase too short
    ├── AnotherKeyError             sealed under another key than the one at hand
    ├── NothingOursError            nothing that could be verified is there
    ├── UnreachableError            a host that can't be read now: nothing is known of it
    ├── ConflictError               somebody was there before, or a rule of the database forbids it
    │   └── StaleError              a change made from a revision that doesn't stand any more
    ├── DatabaseUnusableError       the database or its blobs can't be used
    ├── BackupError                 a backup that can't be believed, or nowhere to restore it
    ├── SignInError                 an invitation that has ended, or too many tries before
    ├── ForbiddenError              a person whose roles don't allow it
    ├── GateError                   a release that may not be: drafts, missing approvals
    └── ServeError                  the server can't start: port in use, nothing to serve

A bug is not in the tree: it stays a Python exception, and the command line lets it through.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_LISTED = 50
"""Problems that an error lists; of a file that is no file of its kind there can be thousands."""


class BojagiError(Exception):
    """Something a person can act on. `str()` is a whole sentence."""


class InvalidValueError(BojagiError):
    """A value that can't be what it claims to be, whichever door it came in by.

    Attributes:
        what: the kind of value, e.g. "article id".
        value: what was given.
        expected: what would have been right.
    """

    def __init__(self, what: str, value: object, expected: str) -> None:
        self.what = what
        self.value = value
        self.expected = expected
        super().__init__(f"{value!r} is not a valid {what}; expected {expected}")


class NotThereError(InvalidValueError):
    """Something named that isn't there: no such document, edition, pack or person."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one file: where it is and what was expected."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Write it the way compilers do: `file:line: field: message`."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return (
            f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"
        )


@dataclass(eq=False)
class SourceError(BojagiError):
    """Files of the content folders that can't be read as what they claim to be.

    Attributes:
        problems: all that was found, in file order; never empty.
    """

    problems: tuple[Problem, ...] = field(default_factory=tuple)

    @classmethod
    def at(cls, file: str, message: str, *, line: int = 0, name: str = "") -> SourceError:
        """Make an error of one problem."""
        return cls((Problem(file, line, name, message),))

    def __str__(self) -> str:
        """List the problems, a line each, as many as somebody would mend at once."""
        lines = [str(problem) for problem in self.problems[:_LISTED]]
        more = len(self.problems) - len(lines)
        return "\n".join([*lines, *([f"and {more} more like these"] if more else [])])


class MarkupError(BojagiError):
    """Markdown outside the allow-list, or units that don't fit their article.

    Attributes:
        line: the line of the text, counted from 1; 0 when the whole text is meant.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        self.line = line
        self.message = message
        super().__init__(f"line {line}: {message}" if line else message)


class UntranslatedError(BojagiError):
    """Words that a locale lacks. The two Koreans never stand in for each other, so nothing does.

    Attributes:
        locale: the locale.
        missing: what has no translation: English words of the programs, or contexts of a pack.
    """

    def __init__(self, locale: str, missing: tuple[str, ...]) -> None:
        self.locale = locale
        self.missing = missing
        first = ", ".join(repr(each) for each in missing[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""  # noqa: PLR2004
        super().__init__(f"{locale} lacks {first}{more}")


class ImageError(BojagiError):
    """A picture that can't be rebuilt from its pixels: not an image, too large, too heavy."""


class OverBudgetError(BojagiError):
    """Something heavier than its limit.

    Attributes:
        what: the thing that was weighed.
        size: its weight in bytes.
        limit: the most it may weigh in bytes.
        parts: the heaviest parts, heaviest first, as (name, bytes).
    """

    def __init__(
        self, what: str, size: int, limit: int, parts: tuple[tuple[str, int], ...] = ()
    ) -> None:
        self.what = what
        self.size = size
        self.limit = limit
        self.parts = parts
        heavy = ", ".join(f"{name} {weight} B" for name, weight in parts[:3])
        super().__init__(
            f"{what} weighs {size} B, {size - limit} B over its limit of {limit} B"
            + (f"; heaviest: {heavy}" if heavy else "")
        )


class DataFolderError(BojagiError):
    """The data folder can't be used: written by a newer version, in use, or not writable."""


class KeyFileError(BojagiError):
    """A key's file that can't be opened or believed, or a passphrase that is too short."""


class NothingOursError(BojagiError):
    """Nothing that could be verified is where somebody pointed."""


class UnreachableError(BojagiError):
    """A host that can't be read now. It says nothing of what the host holds."""


class AnotherKeyError(BojagiError):
    """Sealed bytes that another key opens: a shelf's older or newer one, or another shelf's."""

    def __init__(self) -> None:
        super().__init__("sealed under another key: ask for the shelf's key that is in use now")


class ConflictError(BojagiError):
    """What stands there now is not what the change was made from, or a rule forbids it."""


class StaleError(ConflictError):
    """A change made from a revision that isn't the one that stands any more."""


class DatabaseUnusableError(BojagiError):
    """The database can't be reached, is of another version, or its blobs are damaged."""


class BackupError(BojagiError):
    """A backup that is spoilt or can't be written, or a place to restore it that isn't empty."""


class SignInError(BojagiError):
    """Somebody who can't be let in now; says nothing of who exists.

    Attributes:
        wait: seconds until the next try counts; 0 where waiting doesn't help.
    """

    def __init__(self, sentence: str, wait: int = 0) -> None:
        self.wait = wait
        super().__init__(sentence)


class ForbiddenError(BojagiError):
    """A person whose roles don't allow what they asked for, or who would approve their own text."""


class GateError(BojagiError):
    """A release that may not be, and what it lacks.

    Attributes:
        lacking: what is missing, a line each; empty when the sentence says all.
    """

    def __init__(self, sentence: str, lacking: tuple[str, ...] = ()) -> None:
        self.lacking = lacking
        super().__init__("\n".join((sentence, *(f"  {line}" for line in lacking))))


class ServeError(BojagiError):
    """The server can't start: the port is taken, or there is nothing to serve."""
