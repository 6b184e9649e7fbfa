"""What the search answers, in the order in which it is likely meant.

Who is, or begins like, what was typed; then verbs and places; then who has it elsewhere; last, and only where nobody
has it, who is spelt alike (docs/decisions/0048-search.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from customers.finding.by_text import Fit
from customers.models import Contact, Customer
from desk.search import alike, places
from staff.models import User

MOST_OF_VERB = 3  # customers a verb is offered for


@dataclass(frozen=True, slots=True)
class Hit:
    name: Promise | str
    url: str
    icon: str
    note: str = ""
    score: Any = None


@dataclass(frozen=True, slots=True)
class Results:
    """Headings with what stands under them; whether there are customers and contacts to list; what to type next."""

    sections: Sequence[tuple[str, Sequence[Hit]]]
    has_customers: bool
    has_contacts: bool
    hint: str


def results(user: User, text: str) -> Results:
    """Return what is found. Ten queries at most, one for no text."""
    customers = alike.best_customers(user, text, by_contact=False)
    people = alike.best_contacts(user, text)
    fitting = [row for best in (customers, people) if not best.is_nearly for row in best.rows]
    alike_only = [row for best in (customers, people) if not fitting for row in best.rows]
    best = [row for row in fitting if row.fit <= Fit.BEGINS]
    meant, whom = places.verbs(user, text)
    sections = [
        (_("Customers"), _hits(row for row in best if isinstance(row, Customer))),
        (_("Contacts"), _hits(row for row in best if isinstance(row, Contact))),
        (_("Actions"), _of_verbs(user, meant, whom)),
        (_("Go to"), [Hit(*place) for place in places.places(user, text)]),
        (_("Also found"), _hits(row for row in fitting if row not in best)),
        (_("Similar spelling"), _hits(alike_only)),
    ]
    shown = [*fitting, *alike_only]
    return Results(
        [(heading, hits) for heading, hits in sections if hits],
        has_customers=any(isinstance(row, Customer) for row in shown),
        has_contacts=any(isinstance(row, Contact) for row in shown),
        hint=_("Type the customer’s name after it.") if meant and not whom else "",
    )


def _hits(rows: Iterable[Customer | Contact]) -> list[Hit]:
    return [_of_customer(row) if isinstance(row, Customer) else _of_contact(row) for row in rows]


def _of_customer(row: Customer) -> Hit:
    owner = row.owner.name if row.owner else ""
    return Hit(row.name, reverse("desk:customer", args=[row.pk]), "building-2", owner, getattr(row, "score", None))


def _of_contact(row: Contact) -> Hit:
    note = _("Contact at %(customer)s") % {"customer": row.customer.name}
    return Hit(str(row), reverse("desk:person", args=[row.pk]), "contact-round", note)


def _of_verbs(user: User, verbs: Sequence[places.Verb], whom: str) -> list[Hit]:
    about = alike.best_customers(user, whom, by_contact=False).rows[:MOST_OF_VERB] if verbs and whom else ()
    return [
        Hit(str(verb.label) % {"customer": row.name}, verb.url(row.pk), verb.icon) for verb in verbs for row in about
    ]
