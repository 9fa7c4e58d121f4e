from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.authoring.check_corpus import END, PNG, SIGNATURE, Sample, chunk, header, pixels

from bojagi.domain.finding import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from bojagi.domain.finding import Finding

HOME = "content_packs/sample"


def findings_of(folder: Path, picture: bytes) -> list[Finding]:
    made = Sample(folder, body="물을 마십니다.\n\n![물 한잔](images/water.png)\n")
    made.extra[f"{HOME}/images/water.png"] = picture
    return list(made.findings())


def saved(mode: str, **options: object) -> bytes:
    target = BytesIO()
    Image.new(mode, (9, 7)).save(target, "PNG", **options)
    return target.getvalue()


def described() -> bytes:
    info = PngInfo()
    info.add_text("Author", "somebody")
    return saved("RGB", pnginfo=info)


def after_header(*names: bytes) -> bytes:
    extra = b"".join(chunk(name, b"\0" * 4) for name in names)
    return SIGNATURE + header() + extra + pixels() + END


def interlaced(width: int, height: int, count: int) -> bytes:
    kind = b"\x08\x02\x00\x00\x01"
    return SIGNATURE + header(width, height, kind=kind) + pixels(count) + END


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_of_pixels_alone_raises_nothing(mode: str, tmp_path: Path) -> None:
    assert findings_of(tmp_path, saved(mode)) == []


# Adam7 of 2 x 2 in eight-bit colour: passes of 1x1, 1x1 and 2x1 pixels, a filter byte each line.
@pytest.mark.parametrize("picture", [PNG, interlaced(2, 2, 15), interlaced(1, 1, 4)])
def test_a_picture_made_by_hand_raises_nothing(picture: bytes, tmp_path: Path) -> None:
    assert findings_of(tmp_path, picture) == []


BROKEN = {
    "empty": b"",
    "a JPEG": b"\xff\xd8\xff\xe0" + bytes(60),
    "a GIF": b"GIF89a" + bytes(60),
    "a WebP": b"RIFF\x00\x00\x00\x00WEBP" + bytes(60),
    "text": "그림이 아닙니다".encode(),
    "HTML": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "the signature alone": SIGNATURE,
    "a signature of old Mac line ends": PNG.replace(b"\r\n", b"\n", 1),
    "no header": SIGNATURE + pixels() + END,
    "a short header": SIGNATURE + chunk(b"IHDR", b"\0" * 5) + pixels() + END,
    "two headers": SIGNATURE + header() + header() + pixels() + END,
    "a false check of the header": PNG[:29] + bytes([PNG[29] ^ 1]) + PNG[30:],
    "a false check of the pixels": PNG[:-13] + bytes([PNG[-13] ^ 1]) + PNG[-12:],
    "cut in the header": PNG[:20],
    "cut in the pixels": PNG[:45],
    "no end": PNG[: -len(END)],
    "half an end": PNG[:-6],
    "no pixels": SIGNATURE + header() + END,
    "pixels in two places": SIGNATURE + header() + pixels() + chunk(b"PLTE", b"") + pixels() + END,
    "too few pixels": SIGNATURE + header() + pixels(13) + END,
    "pixels that don't inflate": SIGNATURE + header() + chunk(b"IDAT", b"nonsense") + END,
    "no width": SIGNATURE + header(0, 2) + pixels(0) + END,
    "a depth of three": SIGNATURE + header(kind=b"\x03\x02\x00\x00\x00") + pixels() + END,
    "an unknown colour": SIGNATURE + header(kind=b"\x08\x05\x00\x00\x00") + pixels() + END,
    "an end with words": SIGNATURE + header() + pixels() + chunk(b"IEND", b"words"),
}


@pytest.mark.parametrize("picture", BROKEN.values(), ids=BROKEN)
def test_what_is_no_whole_png_is_found(picture: bytes, tmp_path: Path) -> None:
    assert {finding.rule for finding in findings_of(tmp_path, picture)} == {"picture-not-png"}


NAMES = (
    b"eXIf",
    b"tEXt",
    b"iTXt",
    b"zTXt",
    b"tIME",
    b"pHYs",
    b"iCCP",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"sBIT",
    b"bKGD",
    b"hIST",
    b"sPLT",
    b"acTL",
    b"fcTL",
    b"oFFs",
    b"caBX",
    b"prVt",
    b"zzZz",
)
TRACES = {
    **{name.decode(): after_header(name) for name in NAMES},
    "an author, by Pillow": described(),
    "a resolution, by Pillow": saved("RGB", dpi=(72, 72)),
    "a byte after the end": PNG + b"\0",
    "a ZIP after the end": PNG + b"PK\x03\x04" + bytes(40),
    "words before the end": SIGNATURE + header() + pixels() + chunk(b"tEXt", b"a\0b") + END,
    "a line too many": SIGNATURE + header() + pixels(21) + END,
    "bytes behind the pixels": (
        SIGNATURE + header() + chunk(b"IDAT", zlib.compress(bytes(14)) + b"hidden words") + END
    ),
}


@pytest.mark.parametrize("picture", TRACES.values(), ids=TRACES)
def test_a_picture_that_holds_more_than_pixels_is_found(picture: bytes, tmp_path: Path) -> None:
    assert {finding.rule for finding in findings_of(tmp_path, picture)} == {"picture-trace"}


SIZES = [
    (2001, 2000),
    (2000, 2001),
    (4_000_001, 1),
    (1, 4_000_001),
    (3000, 3000),
    (10_000, 401),
    (65_535, 65_535),
    (2048, 2048),
    (4096, 4096),
    (8000, 600),
    (600, 8000),
    (5000, 801),
    (801, 5000),
    (100_000, 41),
    (41, 100_000),
    (2**31 - 1, 1),
    (1, 2**31 - 1),
    (2**31 - 1, 2**31 - 1),
    (20_000, 20_000),
    (2500, 1601),
]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_picture_of_too_many_pixels_is_found_before_it_is_inflated(
    width: int, height: int, tmp_path: Path
) -> None:
    picture = SIGNATURE + header(width, height) + pixels() + END
    assert {finding.rule for finding in findings_of(tmp_path, picture)} == {"picture-huge"}


NAMED = [
    *("fire", "wat", "waters", "water-2", "water-a", "wa-ter", "water0", "0water", "retaw", "w"),
    *("0", "1-2", "a-b-c", "water-water", "cold-water", "hand", "hands", "eye", "foot", "road"),
]


@pytest.mark.parametrize("name", NAMED)
def test_a_picture_that_is_not_there_is_found_where_it_is_named(name: str, tmp_path: Path) -> None:
    shown = f"![물](images/water.png) ![불](images/{name}.png)"
    made = Sample(tmp_path, body=f"물을 마십니다.\n\n{shown}\n")
    made.extra[f"{HOME}/images/water.png"] = PNG
    [finding] = made.findings()
    assert finding.rule == "picture-missing"
    assert finding.found == f"images/{name}.png"
    assert (finding.place.file, finding.place.line) == (f"{HOME}/01-sample.md", 18)


@pytest.mark.parametrize("name", [f"picture-{number}.png" for number in range(20)])
def test_a_picture_no_article_shows_is_found(name: str, tmp_path: Path) -> None:
    made = Sample(tmp_path)
    made.extra[f"{HOME}/images/{name}"] = PNG
    [finding] = made.findings()
    assert (finding.rule, finding.severity) == ("picture-unused", Severity.WARN)
    assert finding.found == f"images/{name}"
