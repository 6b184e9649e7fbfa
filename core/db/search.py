"""Text search by any part, in any case, or by similar spelling (PostgreSQL's pg_trgm)."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.lookups import TrigramWordSimilar
from django.db.models import Q
from django.db.models.functions import Upper

# Shorter texts have too few trigrams to resemble anything but by accident.
LEAST_LETTERS = 4


def trigrams(column: str, name: str) -> GinIndex:
    """Return the index that both searches below use; in capitals, because `icontains` compares those."""
    return GinIndex(OpClass(Upper(column), name="gin_trgm_ops"), name=name)


def contains(column: str, text: str) -> Q:
    return Q(**{f"{column}__icontains": text})


def resembles(column: str, text: str) -> Q:
    """Match what contains the text, or a word nearly spelt like it (word similarity as in settings)."""
    if len(text) < LEAST_LETTERS:
        return contains(column, text)
    return contains(column, text) | Q(TrigramWordSimilar(Upper(column), text.upper()))
