"""Contacts who object to being scored: on which known days nothing they did counts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from customers.models import Exclusion

Span = tuple[date, date | None]  # from a day on, up to but without another; None: it holds


def excludes(objections: Sequence[Span], day: date) -> bool:
    """Return whether one of a contact's objections holds on the day."""
    return any(since <= day and (until is None or day < until) for since, until in objections)


def spans(contacts: Collection[int]) -> Mapping[int, Sequence[Span]]:
    """Return the objections of these contacts that cover a day, by contact. One query, none without contacts."""
    found: dict[int, list[Span]] = defaultdict(list)
    if contacts:
        rows = Exclusion.objects.filter(contact__in=contacts).order_by("from_on")
        for contact, since, until in rows.values_list("contact", "from_on", "to_on"):
            if since != until:
                found[contact].append((since, until))
    return found
