"""What was done to a customer's past, told on its timeline when it was done; and what was withdrawn by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import days
from customers.models import Act, Contact, Customer
from desk.timeline import act_words
from events.models import Event
from staff.models import User

MOST = 50  # acts beside one page of events
# What colleagues merged, moved, deleted or handed over; a correction has a page and an undoing of its own.
UNDOABLE = (Act.Kind.MERGE, Act.Kind.REASSIGN, Act.Kind.REMOVAL, Act.Kind.OWNER)


@dataclass(frozen=True, slots=True)
class ActEntry:
    """An act as the timeline shows it."""

    act: Act
    day: date
    text: str
    by: User | None
    has_withdrawn: bool
    is_act: ClassVar = True

    @property
    def at(self) -> datetime:
        return self.act.at

    @property
    def can_be_opened(self) -> bool:
        """Whether its page may say more than the line on the timeline: how to undo it."""
        return self.act.kind in UNDOABLE

    @property
    def is_undone(self) -> bool:
        return "undone" in act_words.detail_of(self.act)

    @property
    def reason(self) -> str:
        """Why it was done, where that was asked."""
        return str(act_words.detail_of(self.act).get("reason", ""))


@dataclass(frozen=True, slots=True)
class Span:
    """What one page of events spans: after `since`, included, and before `until`; None leaves an end open.

    Pages lie end to end, so each act stands beside exactly one of them, and moves none of its events.
    """

    since: datetime | None
    until: datetime | None

    @property
    def condition(self) -> Q:
        after = Q() if self.since is None else Q(at__gte=self.since)
        return after if self.until is None else after & Q(at__lt=self.until)


def any_acts() -> Exists:
    """Return, for a query of customers, whether anything was ever done to their past: to most, nothing was."""
    return Exists(Act.objects.filter(customer=OuterRef("pk")))


def load_acts(customer: Customer, span: Span, within: Q) -> tuple[Sequence[ActEntry], bool]:
    """Return the last acts within the span and the condition, newest first, and whether there are more.

    One query, one more for names.
    """
    found = list(_of(customer).filter(span.condition, within).order_by("-at", "-pk")[: MOST + 1])
    acts = found[:MOST]
    names = _names(acts)
    return [_entry(act, names) for act in acts], len(found) > MOST


def load_act(customer: Customer, pk: int) -> ActEntry:
    """Return one act of the customer. Two queries at most. Raises DoesNotExist."""
    found = _of(customer).get(pk=pk)
    return _entry(found, _names([found]))


def withdrawn(customer: Customer, act: Act) -> QuerySet[Event]:
    """Return the customer's events that an act withdrew. Its days keep the search within their months."""
    first, last = (act_words.detail_of(act).get(name) for name in ("first", "last"))
    span = days.within("occurred_at", *(None if text is None else date.fromisoformat(text) for text in (first, last)))
    by = [pk for pk in (act.pk, act.part_of_id) if pk is not None]
    rows = Event.objects.filter(span, customer=customer, void_act__in=by).select_related("event_type", "contact")
    return rows.defer("context", "message_hash", "contact__traits", "contact__set_at")


def _of(customer: Customer) -> QuerySet[Act]:
    return Act.objects.filter(customer=customer).select_related("by", "part_of__by")


def _names(acts: Sequence[Act]) -> dict[int, str]:
    """Return the names of those whom acts are about, as they are now. One query, none without anybody."""
    about = {contact for act in acts if (contact := act_words.contact_of(act)) is not None}
    contacts = Contact.objects.filter(pk__in=about).defer("traits", "set_at") if about else ()
    return {contact.pk: str(contact) for contact in contacts}


def _entry(act: Act, names: dict[int, str]) -> ActEntry:
    by = act.by or (act.part_of.by if act.part_of else None)
    return ActEntry(act, days.business_day(act.at), act_words.sentence(act, names), by, act_words.has_withdrawn(act))
