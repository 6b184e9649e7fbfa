"""The people of a parting as pages and the command show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.models import Customer, Identity
from events.models import Parting, PartingPart

SHOWN = 50
COMPANIES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One of the people: by what they are told from the others, their events, companies that these name."""

    key: str
    label: str
    events: int
    companies: Sequence[str]
    contact: int | None


def largest(job: Parting, most: int | None = SHOWN) -> Sequence[Part]:
    """Return the people with the most events first, without whoever stays with the contact. Three queries."""
    rows = list(PartingPart.objects.filter(of=job, stays=False).order_by("-events", "key")[:most])
    labels = _labels(job, [row.key for row in rows])
    named = {int(company) for row in rows for company in row.companies}
    customers = dict(Identity.objects.filter(pk__in=named).values_list("pk", "customer__name"))
    return [
        Part(row.key, labels.get(row.key, row.key), row.events, _companies(row, customers), row.contact_id)
        for row in rows
    ]


def label(job: Parting, key: str) -> str:
    """Return what one of the people is told from the others by. One query at most."""
    return _labels(job, [key]).get(key, key)


def _labels(job: Parting, keys: Sequence[str]) -> dict[str, str]:
    if job.by_what == Parting.By.EMAIL or not keys:
        return {}
    model, column = (Identity, "value") if job.by_what == Parting.By.DEVICE else (Customer, "name")
    found = model._default_manager.filter(pk__in=map(int, keys)).values_list("pk", column)
    return {str(pk): value for pk, value in found}


def _companies(row: PartingPart, customers: dict[int, str]) -> Sequence[str]:
    by_time = sorted(row.companies, key=lambda company: row.companies[company])
    names = dict.fromkeys(customers[int(company)] for company in by_time if int(company) in customers)
    return list(names)[:COMPANIES_SHOWN]
