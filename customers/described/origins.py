"""Who set a customer's field, and when: `Customer.field_origins`, field → [origin, ISO instant, tie].

The tie is the beginning of the message's hash; "" for what came by no message. An origin of "" is not known: the field
was set by a call before origins were kept, and perhaps by others since.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.utils.translation import gettext

from customers.described.rules import USUAL, Rules
from customers.models import Customer, CustomerField, FieldOrigin

_BEFORE = ("name", "plan", "industry", "country", "domain")  # the fields that calls reached before origins were kept


class Setting(NamedTuple):
    """Who set something, when, and by which message."""

    origin: str
    at: datetime
    tie: str = ""

    @classmethod
    def stored(cls, origin: str, at: str, tie: str) -> Self:
        return cls(origin, datetime.fromisoformat(at), tie)

    @property
    def label(self) -> str:
        """Name who it was in the reader's language."""
        return str(FieldOrigin(self.origin).label)

    def as_stored(self) -> list[str]:
        return [self.origin, self.at.isoformat(), self.tie]


def is_later(at: datetime, tie: str, than_at: datetime, than_tie: str) -> bool:
    """Tell whether one message speaks later than another; at the same instant, the one of the smaller hash does."""
    return at > than_at or (at == than_at and tie < than_tie)


def words_of_decided(origin: str) -> str:
    return gettext("An admin has set where this comes from: %(source)s. Nobody else can change it.") % {
        "source": FieldOrigin(origin).label
    }


class DecidedElsewhere(ValueError):
    """A field follows another source, as an admin has said."""

    def __init__(self, field: str, origin: str) -> None:
        super().__init__(field)
        self.field, self.origin = field, origin

    def __str__(self) -> str:
        return words_of_decided(self.origin)


def begin(customer: Customer) -> dict[str, list[str]]:
    """Return the origins of a customer's fields, to be changed in place."""
    if customer.field_origins is None:
        set_at = customer.set_at
        customer.field_origins = {field: ["", set_at[field], ""] for field in _BEFORE if field in set_at}
    return customer.field_origins


def known(customer: Customer) -> dict[str, Setting]:
    """Return who set the fields of which it is known, in the order in which pages name them."""
    stored = {field: Setting.stored(*by) for field, by in (customer.field_origins or {}).items() if by[0]}
    return {field: stored[field] for field in CustomerField.values if field in stored}


def wins(customer: Customer, field: str, new: Setting, rules: Rules) -> bool:
    """Tell whether a call may set the field: by rank, then by time."""
    stands = begin(customer).get(field)
    if stands is None:
        return True
    old = Setting.stored(*stands)
    ours, theirs = rules.rank(field, new.origin), rules.rank(field, old.origin)
    return ours > theirs or (ours == theirs and is_later(new.at, new.tie, old.at, old.tie))


def is_outranked(customer: Customer, field: str, origin: str, rules: Rules) -> bool:
    """Tell whether the field was set by somebody whose word counts more."""
    stands = begin(customer).get(field)
    return stands is not None and rules.rank(field, stands[0]) > rules.rank(field, origin)


def note(
    customer: Customer, before: Mapping[str, Any], named: Iterable[str], new: Setting, rules: Rules = USUAL
) -> None:
    """Note who set the fields `named` by staff, a file or the API; `before` has the values they had.

    What was empty and stays so says nothing. What is repeated keeps its origin, unless that was of a lower rank.
    """
    origins = begin(customer)
    given = {name for name in named if name in CustomerField.values}
    if "mrr" in given and customer.mrr is not None:
        given.add("currency")  # an amount is none without its currency, nor a currency without its amount
    for field in given:
        value = customer.mrr if field == "currency" else getattr(customer, field)
        stands = origins.get(field)
        is_news = stands is None or not stands[0] or rules.rank(field, new.origin) > rules.rank(field, stands[0])
        if before[field] != getattr(customer, field) or (value not in ("", None) and is_news):
            origins[field] = new.as_stored()


def decided(customer: Customer, origin: str, rules: Rules) -> dict[str, str]:
    """Return the fields that others may not set because they follow a source that has set them: field → that source."""
    stand = (customer.field_origins or {}).items()
    return {field: by for field, (by, _at, _tie) in stand if by not in ("", origin) and by == rules.source(field)}


def rules_for(changes: Iterable[Mapping[str, Any]]) -> Rules:
    """Return whose word fields follow, for changes that set some. One query, none when they set none."""
    return Rules.of_sources() if any(name in CustomerField.values for row in changes for name in row) else USUAL


def refuse_what_is_decided(customer: Customer, change: Mapping[str, Any], origin: str, rules: Rules) -> None:
    """Raise DecidedElsewhere if the change would set a field that follows another source."""
    for field, by in decided(customer, origin, rules).items():
        if field in change and change[field] != getattr(customer, field):
            raise DecidedElsewhere(field, by)
