"""Pictures rebuilt from their pixels, so that nothing but pixels can travel.

What always holds: the result is a PNG of at most 16 colours with none but the chunks a picture
needs, made by us; no byte of the author's file is copied.
"""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

from bojagi.domain import limits
from bojagi.errors import ImageError, OverBudgetError
from bojagi.markup.render import Picture

_COLOURS: Final = 16
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
NEEDED_CHUNKS: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})


def rebuild(raw: bytes, name: str) -> Picture:
    """Rebuild a picture.

    Args:
        raw: the author's PNG.
        name: how it is named in errors.

    Raises:
        ImageError: when it isn't a PNG, is broken, or has too many pixels.
        OverBudgetError: when the result is heavier than `limits.IMAGE_BYTES`.
    """
    pixels = _pixels(raw, name)
    fresh = Image.new("RGB", pixels.size, "white")
    fresh.paste(pixels, mask=pixels.getchannel("A"))
    fresh.thumbnail((limits.IMAGE_SIDE_PIXELS, limits.IMAGE_SIDE_PIXELS))
    target = BytesIO()
    fresh.quantize(_COLOURS, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    rebuilt = target.getvalue()
    if not chunks(rebuilt) <= NEEDED_CHUNKS:
        raise ImageError(f"{name}: the rebuilt picture holds more than pixels")
    if len(rebuilt) > limits.IMAGE_BYTES:
        raise OverBudgetError(name, len(rebuilt), limits.IMAGE_BYTES)
    address = "data:image/png;base64," + b64encode(rebuilt).decode("ascii")
    return Picture(address, fresh.width, fresh.height)


def chunks(png: bytes) -> frozenset[bytes]:
    """Return the names of a PNG's chunks (PNG third edition, section 5)."""
    names: set[bytes] = set()
    position = len(_SIGNATURE)
    while position + 8 <= len(png):
        length = int.from_bytes(png[position : position + 4])
        names.add(png[position + 4 : position + 8])
        position += length + 12
    return frozenset(names)


def _pixels(raw: bytes, name: str) -> Image.Image:
    if not raw.startswith(_SIGNATURE):
        raise ImageError(f"{name}: not a PNG picture; expected one")
    # Before Pillow looks: it warns of, or refuses, far larger ones in words of its own.
    width, height = (int.from_bytes(raw[start : start + 4]) for start in (16, 20))
    if width * height > limits.SOURCE_IMAGE_PIXELS:
        raise ImageError(
            f"{name}: {width}x{height} pixels; expected at most {limits.SOURCE_IMAGE_PIXELS} in all"
        )
    try:
        with Image.open(BytesIO(raw), formats=("PNG",)) as image:
            return image.convert("RGBA")
    except Image.DecompressionBombError as error:
        raise ImageError(f"{name}: a PNG picture with too many pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ImageError(f"{name}: a broken PNG picture: {error}") from error
