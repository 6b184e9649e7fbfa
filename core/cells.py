"""Cells of spreadsheets: text that no spreadsheet takes for a formula, and back.

A cell that begins with one of = + - @ | % (also full-width, also after spaces), or with a control character, may be
run by the program that opens the file (ASVS 1.2.10). An apostrophe in front makes it text; our importer takes it off.
"""

import unicodedata

_BEGINNINGS = frozenset("=+-@|%")


def safe(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet could run it."""
    return f"'{text}" if _could_run(text.lstrip("'")) else text


def plain(cell: str) -> str:
    """Return the text as it was before `safe`; a cell that `safe` never made stays as it is."""
    return cell[1:] if cell.startswith("'") and _could_run(cell.lstrip("'")) else cell


def _could_run(text: str) -> bool:
    # A control character is looked for before spaces are skipped: tab and line end are both.
    first = unicodedata.normalize("NFKC", text[:1])
    if first and unicodedata.category(first[0]) == "Cc":
        return True
    start = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return start[:1] in _BEGINNINGS or (start != "" and unicodedata.category(start[0]) in ("Cc", "Cf"))
