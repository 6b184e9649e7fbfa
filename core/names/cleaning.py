"""Invisible characters go from names and ids, at every door: two texts that look alike are to be the same text.

NUL stays in both: PostgreSQL holds none, so each door refuses it, or marks its place, by its own rule.
"""

import unicodedata
from itertools import zip_longest

# Seen as nothing, though they are no format characters: fillers of Hangul, joiners of graphemes, the braille blank.
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_KEYS = frozenset("0123456789#*")  # which a selector makes keys of (1️⃣)
_JOINERS = frozenset("\u200c\u200d")
_VIRAMA = 9  # the combining class of the signs that join consonants in the scripts of India
# Format characters that are drawn: signs of Arabic, Syriac and Kaithi that stand below or around numbers.
_DRAWN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")


def cleaned_id(text: str) -> str:
    """Return an id, an e-mail or another key without any invisible character, and without spaces around it.

    Zero-width characters, marks, overrides and isolates of direction, soft hyphens, other format and control
    characters, fillers and variation selectors go wherever they stand. "" when nothing is left: that is no id.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return "".join(character for character in text if not _is_invisible(character)).strip()


def cleaned_name(text: str) -> str:
    """Return a name or another text of one line without invisible characters, and without spaces around it.

    As of an id, but for what changes how a name looks: line ends and tabs become spaces; a variation selector stays
    behind what it selects (❤️), a joiner or non-joiner between two characters beyond ASCII (👩‍💻, Persian), or behind
    a virama (Indic, also at the end of a word); format characters that are drawn stay. Flags of regions (Scotland) are
    spelt in invisible letters, which can spell anything: they become black flags. "" when nothing is left.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    kept: list[str] = []
    for character, following in zip_longest(text, text[1:], fillvalue=""):
        if not _is_invisible(character) or character in _DRAWN:
            kept.append(character)
        elif character.isspace():
            kept.append(" ")
        elif kept and _shapes(character, kept[-1], following):
            kept.append(character)
    return "".join(kept).strip()


def _shapes(character: str, before: str, after: str) -> bool:
    """Tell whether an invisible character changes how its neighbours look."""
    if before.isspace() or before in _JOINERS:
        return False
    if character in _JOINERS:
        return unicodedata.combining(before) == _VIRAMA or (before > "\x7f" and after > "\x7f" and after.isprintable())
    return _is_selector(character) and (before > "\x7f" or before in _KEYS) and not _is_selector(before)


def _is_invisible(character: str) -> bool:
    if character == "\0":
        return False
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cf", "Zl", "Zp") or character in _FILLERS or _is_selector(character)


def _is_selector(character: str) -> bool:
    return (
        "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
        or character in ("\u180b", "\u180c", "\u180d", "\u180f")
    )
