"""Every limit, with its unit. One home, so that a number is changed in one place."""

from __future__ import annotations

from typing import Final

KIB: Final = 1024
"""Bytes in a KiB."""

# What a reader's link carries (design, "Delivery").
ARTICLE_TEXT_BYTES: Final = 6 * KIB
"""The Markdown of one article in one locale, UTF-8."""
EDITION_COMPRESSED_BYTES: Final = 48 * KIB
"""The bytes of one edition after brotli."""
IMAGE_BYTES: Final = 6 * KIB
"""One image, rebuilt."""
FIRST_READ_BYTES: Final = 14 * KIB
"""The list and the first article on the wire, headers, style and pictures included: the ten
segments TCP sends before it waits for an answer (RFC 6928)."""

# What is read at all. Larger input is refused before it is parsed.
SOURCE_TEXT_BYTES: Final = 256 * KIB
"""One text file of a pack."""
SOURCE_IMAGE_BYTES: Final = 2 * KIB * KIB
"""One picture as its author left it."""
SOURCE_IMAGE_PIXELS: Final = 4_000_000
"""Width times height of a picture as its author left it."""
IMAGE_SIDE_PIXELS: Final = 640
"""The longer side of a rebuilt picture."""
CATALOGUE_BYTES: Final = 4 * KIB * KIB
"""One PO file."""
EXCHANGE_BYTES: Final = 16 * KIB * KIB
"""A file of translations that comes back from a tool; XLIFF says everything twice."""
REQUEST_BODY_BYTES: Final = 16 * KIB
"""The body of a request to a reading surface, which has no use for any."""
STUDIO_BODY_BYTES: Final = 5 * KIB * KIB
"""The body of a request to the studio: a catalogue, with what JSON adds to it."""

# What a backup may hold. A larger part of one is refused before it is unpacked.
BACKUP_PART_BYTES: Final = 64 * KIB * KIB
"""One file in a backup."""
BACKUP_TABLE_BYTES: Final = 4 * KIB * KIB * KIB
"""The rows of one table."""
BACKUP_ROW_BYTES: Final = 256 * KIB
"""One row."""

# What a person reads.
TITLE_GRAPHEMES: Final = 40
"""A title, in graphemes: two lines at 360 px."""
SUMMARY_GRAPHEMES: Final = 120
"""A summary, in graphemes."""
ARTICLES_PER_PACK: Final = 99
PACKS_PER_SHELF: Final = 99
UNITS_PER_ARTICLE: Final = 400
CARDS_PER_ARTICLE: Final = 40
MARKUP_LEVELS: Final = 12
"""Blocks inside each other: five lists and their words. The parser itself looks 20 levels deep,
and loses words beyond that without a sound."""

STALE_DAYS: Final = 90
"""How long a translation may be shown, with a note, after its source changed in something small."""

# How long a check of an article holds, in days.
REVIEW_DAYS: Final = {"procedure": 90, "statute": 365, "guidance": 365}
"""Procedures and addresses change within a season; statutes and first aid within a year."""
