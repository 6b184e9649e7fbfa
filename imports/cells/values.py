"""Cells into values, tolerant of how people and programs write them. Pure: no database, no clock.

Each reader takes the text of a cell that is not empty, and the file's formats. Raises Wrong.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Choices
from django.utils import translation

from core import days
from core.names import addresses
from core.names.cleaning import cleaned_id, cleaned_name
from core.spreadsheets import cells
from imports.cells.dates import day_at_start, iso, time_of_day
from imports.cells.formats import COMMA, POINT, Formats
from imports.problems import Wrong, shown

Reader = Callable[[str, Formats], Any]

_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)*|[.,]\d+)")
_CENT = Decimal("0.01")
# The columns of amounts have twelve digits before the point.
_MOST = Decimal(10) ** 12
_YES = {"yes", "y", "true", "1", "x", "oui", "vrai", "да", "истина"}
_NO = {"no", "n", "false", "0", "non", "faux", "нет", "ложь"}


def text(most: int) -> Reader:
    def read(cell: str, _formats: Formats) -> str:
        if len(cell) > most:
            raise Wrong("length", most=most)
        return cell

    return read


def name(most: int) -> Reader:
    """Read a text of one line, without invisible characters."""
    read = text(most)
    return lambda cell, formats: read(cleaned_name(cell), formats)


def identifier(most: int) -> Reader:
    """Read an id of another system, without invisible characters. Whether it names somebody is the plan's to say."""
    read = text(most)
    return lambda cell, formats: read(cleaned_id(cell), formats)


def whole(cell: str, formats: Formats) -> int:
    """Read a whole number from 0 to 2³¹ − 1."""
    number = _number(cell, formats)
    if number is None or number != number.to_integral_value() or not 0 <= number < 2**31:
        raise Wrong("whole", got=shown(cell))
    return int(number)


def amount(cell: str, formats: Formats) -> Decimal:
    """Read money, to the cent: what a spreadsheet computed may have more decimals, and is rounded."""
    number = number_of(cell, formats)
    if abs(number) >= _MOST:
        raise Wrong("large amount", got=shown(cell))
    return number.quantize(_CENT, ROUND_HALF_UP)


def number_of(cell: str, formats: Formats) -> Decimal:
    number = _number(cell, formats)
    if number is None:
        raise Wrong("amount", got=shown(cell))
    return number


def day(cell: str, formats: Formats) -> date:
    """Read a day; a time behind it is checked and left out."""
    read, rest = day_at_start(cell, formats)
    if read is None or (rest and time_of_day(rest) is None and iso(cell) is None):
        raise Wrong("day", got=shown(cell))
    return read


def moment(cell: str, formats: Formats) -> datetime:
    """Read an instant; without a time it is the day's noon, without a zone it is the company's."""
    read, rest = day_at_start(cell, formats)
    if (rest or read is None) and (at := iso(cell)) is not None:
        return at
    clock = time_of_day(rest) if rest else days.NOON
    if read is None or clock is None:
        raise Wrong("moment", got=shown(cell))
    try:
        return datetime.combine(read, clock, days.zone()).astimezone(UTC)
    except OverflowError:  # the first or the last day there is, but for the zone
        raise Wrong("moment", got=shown(cell)) from None


def flag(cell: str, _formats: Formats) -> bool:
    """Read yes or no in any language of the pages."""
    word = cell.casefold()
    if word not in _YES | _NO:
        raise Wrong("flag", got=shown(cell))
    return word in _YES


def currency(cell: str, _formats: Formats) -> str:
    code = cell.upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Wrong("currency", got=shown(cell))
    return code


def email(cell: str, _formats: Formats) -> str:
    """Read an address, in small letters, by the rule of every door."""
    address = addresses.email(cell)
    if address is None:
        raise Wrong("email", got=shown(cell))
    return address


def choice(choices: type[Choices]) -> Reader:
    """Read one of the choices by its value, or by its name in any language of the pages."""

    def read(cell: str, _formats: Formats) -> str:
        value = _words(choices).get(cell.casefold())
        if value is None:
            raise Wrong("choice", got=shown(cell), known=[str(known) for known in choices.values])
        return value

    return read


def tags(cell: str, formats: Formats) -> list[str]:
    return [text(50)(word, formats) for word in cells.words(cell, cleaned_name)]


def typed(cell: str) -> Any:
    """Read what no column describes: what is written just as our exports write it keeps its type, else it is text."""
    if cell in ("true", "false"):
        return cell == "true"
    if cell[0] in "[{":
        return _parsed(cell)
    # Without leading zeros: "007" is a code, not a number.
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})", cell):
        return int(cell)
    # Only what comes back as it was written: a version "1.10" must not become 1.1.
    if re.fullmatch(r"-?(0|[1-9]\d{0,9})\.\d{1,6}", cell) and repr(float(cell)) == cell:
        return float(cell)
    return cell


def _parsed(cell: str) -> Any:
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError):
        return cell
    return value if as_text(value) == cell else cell


def as_text(value: Any) -> str:
    """Return how our exports write the value, which `typed` reads back."""
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


@cache
def _words(choices: type[Choices]) -> Mapping[str, str]:
    words = {str(value).casefold(): str(value) for value in choices.values}
    for code, _name in settings.LANGUAGES:
        # In all languages: a file may come from a colleague with other pages than the reader's.
        with translation.override(code):
            words |= {str(label).casefold(): str(value) for value, label in choices.choices}
    return words


def _number(cell: str, formats: Formats) -> Decimal | None:
    signs = "".join(_sign(character) for character in cell)
    if not _NUMBER.fullmatch(signs):
        return None
    decimal = _decimal_sign(signs, formats)
    thousands = COMMA if decimal == POINT else POINT
    head, _, tail = signs.partition(decimal) if decimal else (signs, "", "")
    if tail.strip("0123456789") or not _in_threes(head, thousands):
        return None
    try:
        return Decimal(head.replace(thousands, "") + "." + (tail or "0"))
    except InvalidOperation:
        return None


def _sign(character: str) -> str:
    """Return the character as numbers are written here: no spaces, apostrophes or currency signs."""
    if character in " '’\u00a0\u202f\t" or unicodedata.category(character) == "Sc":
        return ""
    return "-" if character == "−" else character


def _decimal_sign(signs: str, formats: Formats) -> str:
    last = max(signs.rfind(POINT), signs.rfind(COMMA))
    if last < 0:
        return ""
    sign = signs[last]
    other = COMMA if sign == POINT else POINT
    # A sign that comes twice separates thousands: 1.234.567.
    if signs.count(sign) > 1:
        return other
    if other in signs or len(signs) - last - 1 != 3 or signs.lstrip("+-").startswith(("0", sign)):
        return sign
    return formats.decimal


def _in_threes(head: str, thousands: str) -> bool:
    first, *groups = head.lstrip("+-").split(thousands)
    return all(len(group) == 3 for group in groups) and (not groups or 1 <= len(first) <= 3)


def lowered(most: int) -> Reader:
    """Read a name that is looked up without regard to case."""
    read = name(most)
    return lambda cell, formats: read(cell, formats).casefold()
