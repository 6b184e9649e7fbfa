"""Texts as two spellings of the same thing are compared, as SQL that an index can hold.

Not columns: whoever writes a name or a domain, in whatever way, writes the index with it. All of it is immutable, and
cut, because a text of more than 2,704 bytes in an index is an error.
"""

from django.db.models import Expression, F, Func, TextField, Value
from django.db.models.functions import Left, Lower, NullIf, Replace, Trim

from core.names.companies import LEGAL_FORMS, LEGAL_FORMS_IN_FRONT

LONGEST = 200  # characters

_DROPPED = r"[\u0300-\u036f.'’`´]+"  # accents, once letters are taken apart; points and apostrophes
# Not "whatever is no letter": what PostgreSQL takes for one depends on the locale of the database.
_SIGNS = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+"
_LEGAL_FORMS = rf"^ *(?:(?:{'|'.join(LEGAL_FORMS_IN_FRONT)}) )+|(?: (?:{'|'.join(LEGAL_FORMS)}))+ *$"
_HOST = r"^ *(?:[a-z][a-z0-9+.-]*://)?(?:[^/?#@]*@)?(?:www\.)?([^/:?# ]+\.[^/:?#. ]+)"


def folded(text: str | Expression) -> Expression:
    """Return a text in small letters, without accents, points and apostrophes; other signs are spaces."""
    apart = Func(_field(text), function="NORMALIZE", template="%(function)s(%(expressions)s, NFKD)")
    return Lower(_replace(_replace(apart, _DROPPED, ""), _SIGNS, " "))


def company_name(text: str | Expression) -> Expression:
    """Return the name of a company, folded, without legal forms and spaces; null where nothing is left."""
    bare = Replace(_replace(folded(text), _LEGAL_FORMS, ""), Value(" "), Value(""))
    return NullIf(Left(bare, LONGEST), Value(""))


def full_name(text: str | Expression) -> Expression:
    """Return the name of a person, folded; null where it is one word: many share a first name."""
    return _part(Left(Trim(folded(text)), LONGEST), "^.+ .+$")


def host(text: str | Expression) -> Expression:
    """Return the host of a domain or an address of a page, without "www."; null where there is none."""
    return Left(_part(Lower(_field(text)), _HOST), LONGEST)


def _field(text: str | Expression) -> F | Expression:
    return F(text) if isinstance(text, str) else text


def _replace(text: Expression, pattern: str, by: str) -> Expression:
    """Replace whatever fits the pattern."""
    return Func(text, Value(pattern), Value(by), Value("g"), function="REGEXP_REPLACE", output_field=TextField())


def _part(text: Expression, pattern: str) -> Expression:
    """Return what fits the pattern, or its part in brackets; null where nothing fits."""
    return Func(text, Value(pattern), function="SUBSTRING", output_field=TextField())
