"""What can be wrong with a file or a row, in the reader's language: the problem, and what would be right.

Stored as a code with its details, because the reader may use another language than the colleague who uploaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from records import keys

_SHOWN = 80

FILE = {
    "empty file": _("The file is empty. Its first row must name the columns."),
    "only a header": _("The file has column names but no rows."),
    "bad header": _("Row %(line)s, which names the columns, cannot be read. Rename them."),
    "same header": _("Columns %(first)s and %(second)s are both called “%(header)s”. Rename or delete one of them."),
    "too many columns": _("The file has more than %(most)s columns. Delete those you do not need."),
    "too many rows": _("The file has more than %(most)s rows. Split it into several files."),
    "long line": _("Line %(line)s is longer than %(most)s characters. Is it a table, with one row for each line?"),
    "undecodable": _("The characters of this file cannot be read. Save it as CSV in UTF-8."),
    "old workbook": _("This workbook has an old format or a password. Save it as XLSX without a password, or as CSV."),
    "broken workbook": _("This workbook cannot be opened. Save it again as XLSX, or as CSV."),
    "heavy workbook": _(
        "Reading this workbook failed, or took too much memory or time. Save the table alone as a new XLSX, or as CSV."
    ),
    "busy": _("Workbooks cannot be read at the moment. Try again in a few minutes, or save the table as CSV."),
    "large sheet": _("A sheet spans more than %(most)s cells, empty ones included. Save it as CSV."),
    "large file": _("The file is larger than %(most)s MB. Split it into several files."),
    "stopped": _(
        "The import stopped %(tries)s times at the same place and was abandoned. Rows before it are imported."
    ),
}

ROW = {
    "long cell": _("A cell is longer than %(most)s characters. Is there a quotation mark that is not closed?"),
    "many cells": _("The row has more than %(most)s cells. Is there a quotation mark that is not closed?"),
    "width": _("The row has %(found)s cells, the header has %(wanted)s. Is there a separator too many or missing?"),
    "nul": _("It contains a NUL character. Delete it."),
    "required": _("This value is required."),
    "either": _("One of these columns must be filled: %(columns)s."),
    "length": _("It is longer than %(most)s characters. Shorten it."),
    "whole": _("“%(got)s” must be a whole number, 0 or more, such as 25."),
    "amount": _("“%(got)s” is not an amount, such as 1200.50 or 1.200,50."),
    "large amount": _("“%(got)s” is too large, or has more than two decimals."),
    "day": _("“%(got)s” is not a date, such as 2026-01-31 or 31/01/2026."),
    "moment": _("“%(got)s” is not a time, such as 2026-01-31 14:30 or 2026-01-31T14:30:00Z."),
    "flag": _("“%(got)s” is not yes or no."),
    "choice": _("“%(got)s” is not known here. Known: %(known)s."),
    "currency": _("“%(got)s” is not a currency: use three letters, such as EUR."),
    "email": _("“%(got)s” is not an e-mail address, such as name@example.com."),
    "wrong id": _(
        "“%(got)s” is what programs write where an id is missing: it names nobody. Give the id of one person or"
        " company, or empty the cell."
    ),
    "no company": _("There is no customer with the company id “%(got)s”. Import customers first."),
    "no customer": _("There is no customer with the Rapport id “%(got)s”."),
    "no parent": _("There is no customer with the company id “%(got)s”, here or in this file."),
    "above itself": _("A customer cannot be its own parent or ancestor. Choose another parent."),
    "no colleague": _("No colleague has the e-mail “%(got)s”."),
    "no team": _("There is no team “%(got)s”."),
    "no contact": _("This customer has no contact with the e-mail “%(got)s”."),
    "repeated": _("Row %(first)s has the same id. Keep one of them."),
    "order": _("It is before “%(earlier)s”. Correct one of the two."),
    "too late": _("It is in the future. Give the time it happened."),
    "too old": _("It is older than ten years. Declare the file as history."),
    "no survey": _("There is no started survey named “%(got)s”."),
    "no person": _("There is no contact “%(got)s”. Import contacts first."),
    "owned": keys.NOT_SEEN,
    **{f"owned {kind}": text for kind, text in keys.OWNED.items()},
    "other company": _("“%(got)s” is a contact of another customer. Leave one of the two out."),
    "closed survey": _(
        "“%(got)s” is closed. Declare the file as history: its answers count on the day they were given."
    ),
    "no scale": _("“%(got)s” has no single scored question."),
    "other scale": _("This survey is answered on the scale %(wanted)s. Answers on %(got)s are not converted."),
    "no nps": _(
        "NPS uses a scale from 0 to 10. Answers from 1 to 10 cannot be converted: nobody could choose 0, so the groups"
        " would shift. Create a survey with your own questions and a scale from 1 to 10 for them."
    ),
    "stands": _("It was answered differently more than a day ago. Declare the file as history to correct it."),
    "refuses": _("This person wants no surveys. Only they can take that back, so it stays."),
    "decided": _("An admin has set that this field follows another source, so it stays as it is."),
    "refused": _("It could not be stored: %(got)s"),
}


class Unreadable(Exception):
    """The file as a whole cannot be used; `str()` says why, in the reader's language."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return describe_file({"code": self.code, "said": self.params})


class Wrong(Exception):
    """A cell that cannot be read."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; `column` names the column as the file does, "" for the row as a whole."""

    code: str
    column: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        # Stored with staged rows, whose key for the parameters is "said".
        return {"code": self.code, "column": self.column, "said": self.params}


def shown(text: str) -> str:
    """Return what of a cell is repeated in a message."""
    # NUL cannot be stored with the problem.
    return (text[:_SHOWN] + "…" if len(text) > _SHOWN else text).replace("\0", "�")


def describe(problem: Mapping[str, Any]) -> str:
    return str(ROW[problem["code"]]) % {key: _word(value) for key, value in problem["said"].items()}


def describe_file(problem: Mapping[str, Any]) -> str:
    return str(FILE[problem["code"]]) % problem["said"]


def _word(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
