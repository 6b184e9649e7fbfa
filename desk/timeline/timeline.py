"""A customer's events, newest first, all channels in one. The key of the event table is the index that serves it.

It shows what holds. What was withdrawn is folded under the act that did it (desk/timeline/acts.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import pagination
from customers.models import Contact, Customer
from desk.timeline import words
from desk.timeline.acts import ActEntry, Span, load_acts
from desk.timeline.filters import EventFilter
from events.models import Event, EventType, Flag
from events.models.event import NEWEST_FIRST
from surveys import kinds
from surveys.answering.survey_events import EVENT as ANSWERED
from surveys.models import Answer

MAX_DETAILS = 3
MAX_TEXT = 80
_SHOWN_AS_VALUE = {"value", "revenue", "total", "currency"}
_NAMED = (EventType.PAGE_VIEWED, EventType.SCREEN_VIEWED)

FLAG_WORDS = {
    Flag.FUTURE: _("Its time was in the future; the time of receipt is used instead"),
    Flag.VALUE_CLAMPED: _("Its value was too large and was cut"),
    Flag.NO_RATE: _("No exchange rate for its currency on its day, so its value is unknown"),
    Flag.SKEW_CORRECTED: _("The sender’s clock was wrong and was corrected"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as the timeline shows it."""

    event: Event
    day: date
    details: list[str]
    value: Decimal | None
    is_money: bool
    flags: list[str]
    link: str = ""  # where to read more


@dataclass(frozen=True, slots=True)
class Group:
    """The same thing done by the same person on one day, newest first: shown once, with how often."""

    entries: list[Entry]
    details: list[str]  # those that all entries share
    is_act: ClassVar = False

    @property
    def first(self) -> Entry:
        return self.entries[0]

    @property
    def last(self) -> Entry:
        return self.entries[-1]

    @property
    def at(self) -> datetime:
        return self.first.event.occurred_at

    @property
    def day(self) -> date:
        return self.first.day

    @property
    def value(self) -> Decimal | None:
        """Return what they add up to; None when none has a value."""
        values = [entry.value for entry in self.entries if entry.value is not None]
        return sum(values, Decimal(0)) if values else None


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on a day and what was done to the past on it, newest first."""

    day: date
    rows: list[Group | ActEntry]


@dataclass(frozen=True, slots=True)
class Timeline:
    filter: EventFilter
    days: list[Day]
    only_acts: int | None  # how many of more acts are shown; None: all of them
    next_cursor: str | None
    is_first: bool
    searched_back_to: date | None  # words were not looked for in what is older


def load_timeline(
    customer: Customer, *, people: Sequence[Contact], event_types: Sequence[EventType], params: Mapping[str, Any]
) -> Timeline:
    """Return the page of events that the filter finds, grouped, with what was done meanwhile. Raises BadCursor.

    `customer` is annotated with `acts.any_acts`. One query, two where words are searched, and one each for answers, for
    acts if it has any, and for those whom these are about. `people` and `event_types` can be chosen by name; any other
    contact of the customer is found by its number.
    """
    events = Event.objects.live().filter(customer=customer).select_related("event_type", "contact")
    # `context` is what a library knows of a device, often larger than all the rest, and not shown.
    events = events.defer("context", "message_hash", "contact__traits", "contact__set_at")
    filterset = EventFilter(params, queryset=events, customer=customer, people=people, event_types=event_types)
    cursor = params.get("cursor")
    if filterset.words:
        found = words.find(customer, filterset.qs, filterset.words, cursor)
    else:
        found = words.Found(pagination.page(filterset.qs, NEWEST_FIRST, cursor), None)
    page = found.page
    groups = load_groups(customer, page.rows)
    within = filterset.days if customer.has_acts else None  # type: ignore[attr-defined] # annotated
    acts, more = ((), False) if within is None else load_acts(customer, _span(page, cursor), within)
    only_acts = len(acts) if more else None
    return Timeline(filterset, by_day(groups, acts), only_acts, page.next_cursor, page.is_first, found.back_to)


def load_groups(customer: Customer, events: Sequence[Event]) -> list[Group]:
    """Return what a customer's events, newest first, tell, grouped. One query where one is about an answer."""
    answers = _answers(customer, events)
    return grouped([_entry(event, answers.get(str(event.properties.get("answer")))) for event in events])


def by_day(groups: Sequence[Group], acts: Sequence[ActEntry]) -> list[Day]:
    """Put groups and acts, each newest first, in order of time under their days."""
    rows: list[Group | ActEntry] = [*groups, *acts]
    by_days: dict[date, list[Group | ActEntry]] = {}
    for row in sorted(rows, key=lambda row: row.at, reverse=True):
        by_days.setdefault(row.day, []).append(row)
    return [Day(day, by_days[day]) for day in sorted(by_days, reverse=True)]


def _span(page: pagination.Page[Event], cursor: str | None) -> Span:
    """Return what the page spans: from the end of the one before to its own, both ends of all open."""
    since = page.rows[-1].occurred_at if page.next_cursor else None
    return Span(since, datetime.fromisoformat(NEWEST_FIRST.position(cursor)[0]) if cursor else None)


def grouped(entries: Iterable[Entry]) -> list[Group]:
    """Put together what one person did again and again on one day, where it was done last.

    Pages and screens are told apart by name, each answer to a survey is one of its own. Of others only details
    that all entries of a group share are shown.
    """
    groups: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in entries:
        event = entry.event
        key = (entry.day, event.event_type_id, event.contact_id, _distinction(entry), tuple(entry.flags))
        groups.setdefault(key, []).append(entry)
    return [Group(group, _common_details(group)) for group in groups.values()]


def _distinction(entry: Entry) -> tuple[Any, ...]:
    name = entry.event.event_type.name
    return tuple(entry.details) if name in _NAMED else (entry.event.id,) if name == ANSWERED else ()


def _common_details(group: Sequence[Entry]) -> list[str]:
    return [detail for detail in group[0].details if all(detail in entry.details for entry in group)]


def _answers(customer: Customer, events: Iterable[Event]) -> dict[str, Answer]:
    """Return the answers that the events are about, by id, as they are now. One query, none without such an event."""
    told = (words.answer_of(event.event_type.name, event.properties) for event in events)
    ids = [answer for answer in told if answer]
    if not ids:
        return {}
    # `customer` again: the property names an answer, and a forged one must not show another customer's.
    rows = Answer.objects.named().filter(customer=customer, id__in=ids).select_related("survey")
    return {str(row.id): row for row in rows}


def _entry(event: Event, answer: Answer | None = None) -> Entry:
    return Entry(
        event=event,
        day=event.day,
        details=list(_answer_details(event, answer)) if event.event_type.name == ANSWERED else list(_details(event)),
        value=None if event.value is None else Decimal(event.value) / 1000,
        is_money=bool(event.properties.get("currency")),
        flags=list(_flags(event)),
        link=f"{reverse('desk:answers', args=[answer.customer_id])}#answer-{answer.id}" if answer else "",
    )


def _flags(event: Event) -> Iterator[str]:
    yield from (str(words) for flag, words in FLAG_WORDS.items() if event.flags & flag)
    if event.contact and event.contact.stop_scoring:
        yield gettext("Not counted: %(name)s does not want to be scored") % {"name": event.contact}


def _answer_details(event: Event, answer: Answer | None) -> Iterator[str]:
    """Yield a survey's name, and unless it is confidential the answer's score and group in words.

    Other tools may send events of the same name: they are shown as any other event.
    """
    if answer is None and "kind" not in event.properties:
        yield from _details(event)
        return
    yield _cut(answer.survey.name if answer else event.properties.get("survey", ""))
    if answer is None:
        return
    highest = kinds.get(answer.kind).highest
    if answer.score is not None and highest is not None:
        yield gettext("%(score)s of %(highest)s") % {"score": answer.score, "highest": highest}
    if answer.group:
        yield answer.get_group_display()
    if answer.comment:
        yield f"“{_cut(answer.comment)}”"


def _details(event: Event) -> Iterator[str]:
    """Yield what distinguishes this event from others of its type: a page's name, else a few properties."""
    properties = dict(event.properties)
    if event.event_type.name in _NAMED:
        named = next((properties[key] for key in ("name", "title", "path", "url") if properties.get(key)), None)
        if named is not None:
            yield _cut(named)
        return
    telling = [(key, value) for key, value in properties.items() if _is_telling(key, value)]
    for key, value in telling[:MAX_DETAILS]:
        yield f"{_cut(key)}: {_cut(value)}"


def _is_telling(key: str, value: Any) -> bool:
    return key not in _SHOWN_AS_VALUE and isinstance(value, str | int | float) and value != ""


def _cut(value: Any) -> str:
    text = str(value)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
