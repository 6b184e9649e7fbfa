"""Texts found by what somebody types: columns of folded words, and the conditions that their trigram indexes serve.

A column holds one line for each text of its row: a line feed, and its words between spaces. So what a line is, begins
with, and what a word begins with, are all texts that the column contains. Folding: core/names/folding.py.
"""

import re
from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, Model, Q, QuerySet

from core.db.derived import DerivedField
from core.names import slips
from core.names.folding import CODE, fold, is_alphabetic

M = TypeVar("M", bound=Model)
Rows = TypeVar("Rows", bound=QuerySet[Any])

_PARTS = re.compile(rf"{CODE}(?: {CODE})*(?= |$)|\S+")

SHORT = 3  # letters; what is shorter must begin a word: in the middle of words it would be in most of them
CANDIDATES = 200  # texts whose letters are compared with what was typed, those with most in common
_SWAPS_UP_TO = 8  # letters: in longer words enough trigrams stay when two letters change places


class SearchField(DerivedField):
    """The folded lines of some texts of the row. Index it with `trigrams`."""

    def __init__(self, *texts: str, **more: Any) -> None:
        super().__init__(lambda row: lines(*(getattr(row, text) for text in texts)), sources=texts, **more)


def trigrams(column: str, name: str) -> GinIndex:
    """Return the index that serves all conditions below."""
    return GinIndex(OpClass(F(column), name="gin_trgm_ops"), name=name)


def lines(*texts: str) -> str:
    """Return what a column holds of these texts; those without a word have no line. "" when none has."""
    folded = [words for text in texts if (words := fold(text))]
    return "".join(f"\n {words} " for words in folded) + ("\n" if folded else "")


def is_line(column: str, text: str) -> Q:
    """Match where a whole text of the row is this one."""
    words = fold(text)
    return Q(**{f"{column}__contains": f"\n {words} \n"}) if words else Q(pk__in=())


def begins(column: str, text: str) -> Q:
    """Match where a text of the row begins like this."""
    words = fold(text)
    return Q(**{f"{column}__contains": f"\n {words}"}) if words else Q(pk__in=())


def contains(column: str, text: str) -> Q:
    """Match where each word that was typed is in a text of the row, short ones as the beginning of a word."""
    parts = _parts(text)
    return reduce(and_, (_has(column, part) for part in parts)) if parts else Q(pk__in=())


def fits(typed: str, held: str) -> bool:
    """Tell in Python what `contains` does in SQL, of what a column holds."""
    parts = _parts(typed)
    return bool(parts) and all((part if len(part) >= SHORT else f" {part}") in held for part in parts)


def nearly(rows: QuerySet[M], text: str, *, column: str = "search", key: str = "pk") -> list[Any]:
    """Return the keys of the rows of which each word that was typed is a word, or its beginning, but for a slip.

    Those with the fewest slips first. One query; none for what has no word in which slips are forgiven: ids, short
    words, scripts in which a letter is a syllable.
    """
    words = fold(text).split()
    tolerant = [word for word in words if slips.allowed(word)]
    if not tolerant or not is_alphabetic(text):
        return []
    near = reduce(and_, (_near(column, word) if word in tolerant else _has(column, word) for word in words))
    likeness = TrigramWordSimilarity(" ".join(words), column)
    found = rows.filter(near).order_by(likeness.desc(), "pk").values_list(key, column)[:CANDIDATES]
    counted = [(slips.slips(words, held.split()), place, pk) for place, (pk, held) in enumerate(found)]
    return [pk for _n, _place, pk in sorted((n, place, pk) for n, place, pk in counted if n is not None)]


def matcher(text: str) -> Callable[[str], bool]:
    """Return a test of folded lines that holds where `contains` holds of a column of them."""
    parts = [_needle(part) for part in _parts(text)]
    return lambda line: all(part in line for part in parts)


def matching(rows: Rows, text: str, *, column: str = "search") -> Rows:
    """Keep the rows that contain what was typed; where none does, those that nearly do. Two queries at most."""
    held = rows.filter(contains(column, text))
    if not fold(text) or held.order_by().exists():
        return held
    return rows.filter(pk__in=nearly(rows.order_by(), text, column=column))


def _parts(text: str) -> list[str]:
    """Return what has to be there: words, in any order, and characters of their own as they follow each other."""
    return _PARTS.findall(fold(text))


def _has(column: str, word: str) -> Q:
    return Q(**{f"{column}__contains": _needle(word)})


def _needle(word: str) -> str:
    return word if len(word) >= SHORT else f" {word}"


def _near(column: str, word: str) -> Q:
    # By trigrams (the threshold is set in core/db/limits.py), of which two letters that changed places leave few.
    likely = Q(**{f"{column}__trigram_word_similar": word})
    swapped: Sequence[str] = slips.swapped(word) if len(word) <= _SWAPS_UP_TO else ()
    return reduce(or_, (Q(**{f"{column}__contains": f" {meant}"}) for meant in swapped), likely)
