"""Cells of spreadsheets: text that no spreadsheet takes for a formula, and back; several words in one cell.

A cell that begins with one of = + - @ | % (also full-width, also after spaces), or with a control character, may be
run by the program that opens the file (ASVS 1.2.10). An apostrophe in front makes it text; our importer takes it off.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

_BEGINNINGS = frozenset("=+-@|%")
_APART = re.compile(r'[,;\n"]')
# Blanks only around quotation marks: a line end there would be tried as often as it is repeated.
_WORD = re.compile(r'(?:[ \t]*"((?:[^"]|"")*)"[ \t]*|([^,;\n]*))(?:[,;\n]|\Z)')


def safe(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet could run it."""
    return f"'{text}" if _could_run(text.lstrip("'")) else text


def plain(cell: str) -> str:
    """Return the text as it was before `safe`; a cell that `safe` never made stays as it is."""
    return cell[1:] if cell.startswith("'") and _could_run(cell.lstrip("'")) else cell


def joined(words: Iterable[str]) -> str:
    """Return words separated by commas; one that holds a separator stands in quotation marks, as in CSV."""
    return ", ".join(_quoted(word) if _APART.search(word) or word != word.strip() else word for word in words)


def words(cell: str, cleaned: Callable[[str], str] = str) -> list[str]:
    """Read words separated by commas, semicolons or line ends, and what `joined` wrote; each once, in their order.

    `cleaned` is applied to each before they are compared.
    """
    parts = (
        quoted.replace('""', '"') if quoted is not None else bare.strip()
        for quoted, bare in (match.groups() for match in _WORD.finditer(cell))
    )
    return list(dict.fromkeys(word for part in parts if (word := cleaned(part))))


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _could_run(text: str) -> bool:
    # A control character is looked for before spaces are skipped: tab and line end are both.
    first = unicodedata.normalize("NFKC", text[:1])
    if first and unicodedata.category(first[0]) == "Cc":
        return True
    start = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return start[:1] in _BEGINNINGS or (start != "" and unicodedata.category(start[0]) in ("Cc", "Cf"))
