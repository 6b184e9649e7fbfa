"""The customers and contacts that fit a text best, of those that a colleague may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from customers.finding import by_text
from customers.finding.by_text import Found
from customers.models import Contact, Customer
from staff.models import User

MOST = 8
LONGEST = 200  # of a text that is searched for


@dataclass(frozen=True, slots=True)
class Best:
    """The best, with their `fit`; `is_nearly`: nobody fits, and these are spelt alike."""

    rows: Sequence[Any]
    is_nearly: bool


def asked_for(text: str) -> str:
    """Return what somebody typed as it is searched for."""
    return " ".join(text.replace("\0", "").split())[:LONGEST]


def customers(user: User, text: str) -> list[Customer]:
    """Return the customers that fit best, by themselves or by a contact. Five queries at most; none for no text."""
    return [*best_customers(user, text, by_contact=True).rows]


def contacts(user: User, text: str) -> list[Contact]:
    """Return the contacts that fit best, with their customers. Three queries at most; none for no text."""
    return [*best_contacts(user, text).rows]


def best_customers(user: User, text: str, *, by_contact: bool) -> Best:
    if not text:
        return Best((), is_nearly=False)
    found = by_text.customers(Customer.objects.visible_to(user).known(), text, by_contact=by_contact)
    return _best(found, found.rows.select_related("score", "owner"))


def best_contacts(user: User, text: str) -> Best:
    if not text:
        return Best((), is_nearly=False)
    found = by_text.contacts(Contact.objects.visible_to(user).known(), text)
    return _best(found, found.rows.select_related("customer").defer("traits", "set_at"))


def _best(found: Found[Any], rows: Any) -> Best:
    return Best(found.best_first.rows(rows, None, MOST), found.is_nearly)
