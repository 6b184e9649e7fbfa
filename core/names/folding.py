"""One spelling for all the ways a text is typed: what a search compares, kept in a column and asked the same way.

Lower ASCII, so that what PostgreSQL takes for a letter, which depends on the locale of its database, does not matter.
Letters of Latin, Cyrillic, Greek, Arabic, Hebrew, kana and Hangul are transliterated; any other character is a word of
its own, its code ("u4e2d"), so that it is found, alone and as the beginning of longer names, and resembles nothing.
"""

import re
import unicodedata
from functools import lru_cache

from core.names.letters import LETTERS, is_dropped

# A new one when anything here changes the spelling of a text: columns are then written again (core/db/refold.py).
VERSION = 1

CODE = "u[0-9a-f]{4,6}"  # a character that is a word of its own

_LATIN = re.compile(r"LATIN (?:SMALL LETTER|LETTER SMALL CAPITAL) ([A-Z])(?: |$)")
_SYLLABLE = re.compile(r"(?:HIRAGANA LETTER|KATAKANA LETTER|HANGUL SYLLABLE)(?: SMALL)? ([A-Z]+)$")
_APOSTROPHES = re.compile("[’‘´ʼʹʻ]")
_INITIALS = re.compile(r"(?<![A-Za-z0-9])([A-Za-z0-9])\.(?=[A-Za-z0-9](?![A-Za-z0-9]))")
# Of ASCII: capitals are small letters, apostrophes are nothing, other signs are spaces.
_ASCII = {i: chr(i).lower() if chr(i).isalnum() else " " for i in range(128)} | {ord("'"): None, ord("`"): None}
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


def fold(text: str) -> str:
    """Return the words of a text, in lower ASCII, with one space between them; "" where there are none.

    Case, accents, width, composed and decomposed forms do not tell, nor do apostrophes; points after single letters
    join them ("B.V." is "bv"), any other sign parts words.
    """
    if not text.isascii():
        composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        text = "".join(map(_spelt, _APOSTROPHES.sub("", composed)))
    if "." in text:
        text = _INITIALS.sub(r"\1", text)
    return " ".join(text.translate(_ASCII).split())


def fold_id(text: str) -> str:
    """Return an id without what people leave out when they type it: "CJ-2498" is "cj2498"."""
    return fold(text).replace(" ", "")


def is_alphabetic(text: str) -> bool:
    """Tell whether all letters are Latin, Cyrillic or Greek, where one letter more or less is a slip.

    In other scripts a letter is a syllable or a word: the name next to it means somebody else.
    """
    letters = (c for c in unicodedata.normalize("NFKC", text) if not c.isascii() and c.isalpha())
    return all(unicodedata.name(c, "").startswith(_ALPHABETS) for c in letters)


@lru_cache(maxsize=4_096)
def _spelt(character: str) -> str:
    if character.isascii():
        return character
    if (known := LETTERS.get(character)) is not None:
        return known
    kind = unicodedata.category(character)
    if kind == "Cf" or is_dropped(character):
        return ""
    if kind[0] not in "LNM" and kind not in ("So", "Co"):
        return " "
    return _by_value(character) or _by_name(character) or _taken_apart(character) or f" u{ord(character):x} "


def _by_value(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return "" if digit is None else str(digit)


def _by_name(character: str) -> str:
    """Return the letter that a name tells: "LATIN SMALL LETTER O WITH STROKE", "KATAKANA LETTER TO"."""
    name = unicodedata.name(character, "")
    found = _LATIN.match(name) or _SYLLABLE.match(name)
    return found[1].lower() if found else ""


def _taken_apart(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    return "" if parts == character else "".join(map(_spelt, parts))
