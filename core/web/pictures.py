"""Pictures that people upload: known by their bytes, never by their name, and none that can carry scripts.

No SVG: it is a document, and pictures are served to the public.
"""

import struct

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST = 200_000  # bytes
WIDEST = 4_000  # pixels, either way: few bytes can unfold to a picture that fills a reader's memory
ACCEPT = "image/png,image/jpeg,image/webp"
_KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


def kind_of(body: bytes) -> str:
    """Return the media type of a picture.

    Raises ValidationError for what is none, is larger than LARGEST, does not say how wide and high it is, or is wider
    or higher than WIDEST.
    """
    kind = next((kind for magic, kind in _KINDS.items() if body.startswith(magic)), None)
    # RIFF is the beginning of sounds and films, too.
    if kind is None or (kind == "image/webp" and body[8:12] != b"WEBP"):
        raise ValidationError(_("The logo must be a PNG, JPEG or WebP picture."))
    if len(body) > LARGEST:
        raise ValidationError(_("The logo must not be larger than 200 KB."))
    _check_sides(kind, body)
    return kind


def _check_sides(kind: str, body: bytes) -> None:
    try:
        sides = _SIDES[kind](body)
    except (struct.error, IndexError):
        sides = (0, 0)
    if min(sides) < 1:
        raise ValidationError(_("The picture is damaged: it cannot be read."))
    if max(sides) > WIDEST:
        raise ValidationError(_("The picture is too large: at most 4,000 pixels each way."))


def _png(body: bytes) -> tuple[int, int]:
    return struct.unpack(">II", body[16:24]) if body[12:16] == b"IHDR" else (0, 0)


def _jpeg(body: bytes) -> tuple[int, int]:
    """Go from marker to marker, to the frame's: ITU-T T.81, annex B."""
    at = 2
    while body[at] == 0xFF:
        marker = body[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return width, height
        at += 1 if marker == 0xFF else 2 + max(2, struct.unpack(">H", body[at + 2 : at + 4])[0])
    return 0, 0


def _webp(body: bytes) -> tuple[int, int]:
    """Read the first chunk: lossy, lossless or extended (RFC 9649)."""
    if body[12:16] == b"VP8X":
        return 1 + int.from_bytes(body[24:27], "little"), 1 + int.from_bytes(body[27:30], "little")
    if body[12:16] == b"VP8L":
        bits = struct.unpack("<I", body[21:25])[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if body[12:16] == b"VP8 " and body[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


_SIDES = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp}
