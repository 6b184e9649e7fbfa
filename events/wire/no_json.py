"""Why bytes are no JSON that can be kept, in words for the rejected-events page: slow, for what was refused already."""

import re

import orjson

MOST_LEVELS = 254  # that orjson writes again
_LITERAL = re.compile(r"[A-Za-z]{1,20}")
_NUMBER = re.compile(r"[\d.eE+-]+", re.ASCII)
_NO_NUMBERS = {"nan": "NaN", "infinity": "Infinity", "inf": "Infinity"}
_WHERE_WORDS_STAND = ("unexpected character, expected a JSON value", "invalid literal", "no digit after sign")
_LONGEST_NUMBER = 40
_LOOKED_AT = 10_000  # characters from the fault on
_LONGEST = 200
# What orjson says of what stands at the place, by how it begins; the rest is told in its own words.
_WORDS = {
    "no low surrogate": "half a surrogate pair in a text",
    "invalid high surrogate": "half a surrogate pair in a text",
    "invalid low surrogate": "half a surrogate pair in a text",
    "trailing comma": "a comma too many",
    "depth limit": "nested too deep",
    "Input is a zero-length": "nothing is there",
    "input data is empty": "nothing is there",
    "unexpected end of data": "it ends too early",
    "unexpected content after document": "something follows after its end",
}


def no_json_reason(part: bytes) -> str:
    """Return what is wrong, and at which character (the first is 1), in at most 300 characters. Never raises."""
    try:
        value = orjson.loads(part)
    except orjson.JSONDecodeError as error:
        return _bad_utf8(part) or f"It is no JSON: {_fault(error)} (character {error.pos + 1:,})."
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        return f"It is no JSON that can be kept: it is nested more than {MOST_LEVELS} levels deep."
    return "It is no JSON that can be kept."


def _bad_utf8(part: bytes) -> str:
    try:
        part.decode()
    except UnicodeDecodeError as error:
        place = len(part[: error.start].decode()) + 1
        return f"It is no JSON: the byte 0x{part[error.start]:02X} is no UTF-8 (character {place:,})."
    return ""


def _fault(error: orjson.JSONDecodeError) -> str:
    message, here = error.msg, error.doc[error.pos : error.pos + _LOOKED_AT]
    if message.startswith("number is infinity"):
        return _of_number(here)
    if message.startswith("unexpected control character") and here:
        return f"the control character U+{ord(here[0]):04X} stands unescaped in a text"
    if here.startswith(("/*", "//")):
        return "comments are not allowed"
    if here.startswith("'"):
        return "texts stand in double quotes, not in single ones"
    if message.startswith(_WHERE_WORDS_STAND) and (word := _LITERAL.match(here)):
        name = word[0].lower()
        return f"{_NO_NUMBERS[name]} is no number" if name in _NO_NUMBERS else f"{word[0]} is no value of JSON"
    return next((words for begin, words in _WORDS.items() if message.startswith(begin)), message)[:_LONGEST]


def _of_number(here: str) -> str:
    number = _NUMBER.match(here)
    digits = number[0] if number else ""
    if len(digits) > _LONGEST_NUMBER:
        return f"a number of {len(digits):,}{' or more' * (len(digits) == _LOOKED_AT)} characters is too long"
    return f"{digits} is beyond all numbers"
