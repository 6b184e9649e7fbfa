"""Wrong ids: what programs send in place of an id. Taken for one, they would make one person of many.

Where they come from: a value that is missing, written as a text (JavaScript, Python, Go, Objective-C, PHP, Java); the
name of the field or the parameter in place of its value; a template nobody filled in; a word for "nobody"; an error of
a spreadsheet; the device ids that makers gave to many devices.
"""

import re
from collections.abc import Container, Iterable, Iterator

from core.names.cleaning import cleaned_id

# Without regard to case; quotation marks, brackets and signs of templates around them do not count. A space stands
# for itself, "_", "-" and nothing: "not set" is also not_set, not-set, notset.
WORDS = (
    "null", "nil", "none", "undefined", "nan", "infinity", "n/a", "null null", "undefined undefined", "none none",
    "nonetype", "<class 'nonetype'>", "dbnull", "system.dbnull", "system.object", "optional(nil)", "%!s(<nil>)",
    "%!v(<nil>)", "%!d(<nil>)", "object object", "object undefined", "object null", "object promise",
    "true", "false", "-1", "0x0", "ref!", "value!", "name?",
    "anonymous", "anonymous user", "anon", "guest", "guest user", "visitor", "unknown", "unknown user",
    "unidentified", "unauthenticated", "not authenticated", "not logged in", "logged out", "signed out", "no user",
    "no id", "not set", "unset", "not available", "not found", "not provided", "not applicable", "unspecified",
    "missing", "empty", "invalid", "invalid id",
    "id", "uid", "uuid", "guid", "user", "user id", "username", "email", "distinct id", "anonymous id", "previous id",
    "group id", "customer id", "account id", "company id", "contact id", "client id", "device id", "external id",
    "subscriber id", "your user id", "your id", "user id here", "insert user id", "replace me",
    "user@example.com", "test@example.com", "email@example.com", "name@example.com", "you@example.com",
    "your@email.com", "email@email.com", "test@test.com", "none@none.com", "null@null.com", "noemail@noemail.com",
    "undefined@undefined.com", "na@na.com", "no@email.com", "anonymous@example.com",
    "ffffffff-ffff-ffff-ffff-ffffffffffff", "ffffffffffffffffffffffffffffffff",
    "9774d56d682e549c", "02:00:00:00:00:00",
)  # fmt: skip
_AROUND = " \t'\"`´‘’‚“”„‹›«»()[]{}<>%$#*|=:\\_?.,;"
_BEGINS_ODDLY = frozenset("0-. :\\'\"`´‘’“”«{$#<%[*")
_PLACEHOLDER = re.compile(
    r"\{\{.*\}\}|\$\{.*\}|#\{.*\}|<%.*%>|\{%.*%\}|\[\[.*\]\]|\*\|.*\|\*|\[object \w+\]"
    r"|\{[a-z_. ]+\}|<[a-z_. -]+>|%[a-z_.]+%|\$[a-z_.]*id",
    re.IGNORECASE | re.DOTALL,
)


def folded(text: str) -> str:
    """Return what of an id is compared with the wrong ones."""
    return text.strip(_AROUND).casefold()


def _spelt(words: str) -> Iterator[str]:
    for between in (" ", "_", "-", "") if " " in words else ("",):
        yield folded(words.replace(" ", between))


# With "": an id of quotation marks and brackets alone is none.
BUILT_IN: frozenset[str] = frozenset(("", *(spelling for words in WORDS for spelling in _spelt(words))))


def with_built_in(added: Iterable[str]) -> frozenset[str]:
    """Return the wrong ids with others, folded, that admins added."""
    return BUILT_IN.union(added)


def is_wrong(text: str, wrong: Container[str] = BUILT_IN) -> bool:
    """Tell whether an id, as `cleaned_id` returns it, names nobody. `wrong` holds folded texts.

    Wrong are besides: what is made of zeros, dashes and points alone (the zero UUID, an advertising id that was
    switched off), and a template that nobody filled in ({{ customer.id }}, ${userId}, <%= user.id %>, *|UID|*).
    """
    return text.strip(_AROUND).casefold() in wrong or (text[:1] in _BEGINS_ODDLY and _is_odd(text))


def read(text: str, wrong: Container[str] = BUILT_IN) -> str:
    """Return an id of others without invisible characters; "" for one that names nobody. Called for every event."""
    # `cleaned_id` and `is_wrong` in one: calling them takes longer than what they do.
    text = text.strip() if text.isascii() and text.isprintable() else cleaned_id(text)
    if text.strip(_AROUND).casefold() in wrong or (text[:1] in _BEGINS_ODDLY and _is_odd(text)):
        return ""
    return text


def _is_odd(text: str) -> bool:
    bare = text.strip(" \\'\"`´‘’“”«»")
    return not bare.strip("0-. :{}") or _PLACEHOLDER.fullmatch(bare) is not None
