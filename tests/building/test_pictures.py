"""Pictures: nothing but pixels travels."""

from __future__ import annotations

import struct
import zlib
from base64 import b64decode
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo
from tests.making import drawing, png

from bojagi.building.pictures import NEEDED_CHUNKS, chunks, rebuild
from bojagi.domain import limits
from bojagi.errors import ImageError, OverBudgetError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CANARY = b"KANARI-37.5665N-126.9780E"


def rebuilt(raw: bytes) -> bytes:
    address = rebuild(raw, "images/a.png").address
    head, _, content = address.partition(",")
    assert head == "data:image/png;base64"
    return b64decode(content, validate=True)


def pixels(raw: bytes) -> Image.Image:
    return Image.open(BytesIO(raw)).convert("RGB")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_chunk(raw: bytes, name: bytes, data: bytes) -> bytes:
    """Put a chunk behind the header of a PNG."""
    end = len(SIGNATURE) + 25
    return raw[:end] + chunk(name, data) + raw[end:]


def hollow(width: int, height: int) -> bytes:
    """Make a PNG that claims a size and holds next to nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(100)))
    return SIGNATURE + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def text_chunk() -> bytes:
    info = PngInfo()
    info.add_text("Author", CANARY.decode())
    info.add_text("Comment", CANARY.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    return png(Image.open(BytesIO(drawing())), pnginfo=info)


def exif() -> bytes:
    data = Image.Exif()
    data[0x010E] = CANARY.decode()
    return png(Image.open(BytesIO(drawing())), exif=data)


def profile() -> bytes:
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return png(Image.open(BytesIO(drawing())), icc_profile=data + CANARY)


CARRIERS = {
    "text": text_chunk(),
    "EXIF": exif(),
    "colour profile": profile(),
    "trailing bytes": drawing() + CANARY,
    "a chunk nobody knows": with_chunk(drawing(), b"vpAg", CANARY),
    "a private chunk": with_chunk(drawing(), b"kaNr", CANARY),
}


@pytest.mark.parametrize("name", CARRIERS)
def test_what_hides_beside_the_pixels_is_gone(name: str) -> None:
    raw = CARRIERS[name]
    planted = CANARY in raw or any(CANARY in part for part in (raw, inflated(raw)) if part)
    assert planted, "the test itself has planted nothing"
    result = rebuilt(raw)
    assert CANARY not in result
    assert CANARY not in inflated(result)
    assert chunks(result) <= NEEDED_CHUNKS
    assert result.endswith(chunk(b"IEND", b""))
    assert result == rebuilt(drawing())


def inflated(raw: bytes) -> bytes:
    """Return everything in the chunks of a PNG that is compressed, opened."""
    found = b""
    position = len(SIGNATURE)
    while position + 8 <= len(raw):
        length = int.from_bytes(raw[position : position + 4])
        data = raw[position + 8 : position + 8 + length]
        for start in range(min(len(data), 90)):
            try:
                found += zlib.decompressobj().decompress(data[start:])
            except zlib.error:
                continue
        position += length + 12
    return found


def test_what_is_see_through_becomes_white() -> None:
    image = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((5, 5, 14, 14), fill=(0, 0, 0, 255))
    result = pixels(rebuilt(png(image)))
    assert result.getpixel((0, 0)) == (255, 255, 255)
    assert result.getpixel((10, 10)) == (0, 0, 0)
    assert Image.open(BytesIO(rebuilt(png(image)))).mode == "P"


def test_a_word_hidden_under_full_transparency_is_gone() -> None:
    image = Image.new("RGBA", (200, 40), (255, 255, 255, 0))
    ImageDraw.Draw(image).text((5, 5), "SECRET", fill=(0, 0, 0, 0))
    assert pixels(rebuilt(png(image))).getcolors() == [(8000, (255, 255, 255))]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_can_be_rebuilt(mode: str) -> None:
    raw = png(Image.new(mode, (20, 30)))
    picture = rebuild(raw, "images/a.png")
    assert (picture.width, picture.height) == (20, 30)


def test_a_large_picture_is_made_smaller_and_keeps_its_shape() -> None:
    picture = rebuild(drawing((1600, 800)), "images/a.png")
    assert (picture.width, picture.height) == (640, 320)
    assert pixels(rebuilt(drawing((1600, 800)))).size == (640, 320)


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4000, 1)])
def test_a_picture_of_an_odd_shape_keeps_at_least_a_pixel(size: tuple[int, int]) -> None:
    picture = rebuild(png(Image.new("RGBA", size)), "images/a.png")
    assert picture.width >= 1
    assert picture.height >= 1


def test_the_same_picture_is_rebuilt_to_the_same_bytes() -> None:
    assert rebuilt(drawing()) == rebuilt(drawing())


def test_a_picture_too_heavy_says_by_how_much() -> None:
    noise = Image.effect_noise((400, 400), 100)
    with pytest.raises(OverBudgetError, match=r"^images/a\.png weighs \d+ B") as refusal:
        rebuild(png(noise), "images/a.png")
    assert refusal.value.limit == limits.IMAGE_BYTES
    assert refusal.value.size > limits.IMAGE_BYTES


@pytest.mark.parametrize(
    "size", [(3000, 3000), (10_000, 10_000), (20_000, 20_000), (2**31 - 1, 2**31 - 1)]
)
def test_too_many_pixels_are_refused_before_any_is_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises(ImageError, match=rf"images/a\.png: {size[0]}x{size[1]} pixels"):
        rebuild(hollow(*size), "images/a.png")


@pytest.mark.parametrize(
    "raw",
    [b"", b"GIF89a", b"\xff\xd8\xff\xe0JFIF", b"<svg/>", b"RIFF0000WEBP", SIGNATURE[:7]],
    ids=["nothing", "GIF", "JPEG", "SVG", "WebP", "half a signature"],
)
def test_what_is_not_a_png_is_refused(raw: bytes) -> None:
    with pytest.raises(ImageError, match=r"^images/a\.png: not a PNG picture"):
        rebuild(raw, "images/a.png")


@pytest.mark.parametrize(
    "raw",
    [
        SIGNATURE,
        drawing()[: len(drawing()) // 2],
        hollow(0, 0),
        hollow(10, 10),
        SIGNATURE + chunk(b"IHDR", b"abc") + chunk(b"IEND", b""),
        with_chunk(drawing(), b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000))),
        with_chunk(drawing(), b"iCCP", b"a\0\0" + zlib.compress(bytes(80_000_000))),
    ],
    ids=["signature", "half", "no size", "no pixels", "short header", "text bomb", "profile bomb"],
)
def test_a_broken_png_is_refused_or_rebuilt_but_never_a_bug(raw: bytes) -> None:
    try:
        assert chunks(rebuilt(raw)) <= NEEDED_CHUNKS
    except ImageError as refusal:
        assert "images/a.png: " in str(refusal)  # noqa: PT017 - either end is right


@given(st.lists(st.tuples(st.integers(8, len(drawing()) - 1), st.integers(0, 255)), max_size=4))
def test_a_png_with_any_bytes_changed_is_refused_or_rebuilt(changes: list[tuple[int, int]]) -> None:
    raw = bytearray(drawing())
    for place, value in changes:
        raw[place] = value
    test_a_broken_png_is_refused_or_rebuilt_but_never_a_bug(bytes(raw))
