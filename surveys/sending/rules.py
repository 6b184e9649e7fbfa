"""When a survey distribution asks: one row for each rule.

To add one, write its row, and its name into the style sheet of the form if it needs fields (`.for-…`); its texts go
into the catalogues. `tests/surveys/test_rules.py` says what is missing. No migration is needed for a rule whose fields
`Wave` has: the model reads its choices from here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.days import business_day
from core.templatetags.show import number
from customers.models import Customer
from events import catalogue
from events.models import CountNow, Event
from records.models import Ticket
from records.renewals import renewing
from surveys.models import Wave
from surveys.sending.recipients import contacts, members

LATE = timedelta(days=3)  # how long after its time something that arrived late still leads to a question
Due = QuerySet[Any, Any]  # pairs of contact and occasion; the same pair is asked once


@dataclass(frozen=True, slots=True)
class SendingRule:
    """A rule. `due` None: every contact of the distribution, once; else the contacts who are due, and the occasion."""

    name: str
    label: Any
    words: Callable[[Wave], str]  # when it asks, on pages
    period: Callable[[datetime], str]  # a distribution is worked once in each
    due: Callable[[Wave, datetime], Due] | None = None
    fields: tuple[str, ...] = ()  # of Wave, which must be given
    is_spread: bool = False  # over the distribution's days, each contact on a day of their own

    @property
    def is_continuous(self) -> bool:
        """Whether it goes on until somebody ends it."""
        return self.due is not None


def each(minutes: int) -> Callable[[datetime], str]:
    """Return the period that begins at each full so many minutes."""

    def period(now: datetime) -> str:
        return now.replace(minute=now.minute // minutes * minutes, second=0, microsecond=0).isoformat()

    return period


def _after_tickets(wave: Wave, now: datetime) -> Due:
    since, until = _moments(wave, now)
    solved = Ticket.objects.filter(solved_at__gte=since, solved_at__lte=until, customer__in=_customers(wave))
    return _pairs(solved.filter(contact__in=contacts(wave)), "contact_id", "ticket:", "id")


def _after_events(wave: Wave, now: datetime) -> Due:
    since, until = _moments(wave, now)
    # A type that was merged: its events are stored under the other.
    kind = (wave.event_type.merged_into_id if wave.event_type else None) or wave.event_type_id
    # Daily counts name the few customers to look at: the log has no index of an event type across all customers.
    active = CountNow.objects.filter(
        event_type=kind, day__range=(business_day(since), business_day(until)), customer__in=_customers(wave)
    )
    happened = Event.objects.live().filter(
        customer__in=active.values("customer"), event_type=kind, occurred_at__range=(since, until)
    )
    return _pairs(happened.filter(contact__in=contacts(wave)), "contact_id", "event:", "id")


def _before_renewals(wave: Wave, now: datetime) -> Due:
    today = business_day(now)
    due = renewing(today, today + timedelta(days=wave.before_days)).filter(
        customer__in=_customers(wave),
        # A contract has no contact: everybody at its customer with the wanted role is asked.
        customer__contacts__in=contacts(wave),
    )
    # With its date: the same contract is asked about again before its next renewal.
    return _pairs(due, "customer__contacts", "renewal:", "id", "renews_on")


def _moments(wave: Wave, now: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last instant of what leads to a question now."""
    until = now - timedelta(hours=wave.delay_hours)
    return max(wave.starts_at, until - LATE), until


def _customers(wave: Wave) -> Due:
    return Customer.objects.filter(pk__in=members(wave).order_by().values("pk")).values("pk")


def _pairs(rows: Due, contact: str, prefix: str, *parts: str) -> Due:
    """Return pairs of contact and occasion: the prefix, and the row's own parts."""
    words: list[Any] = [Value(prefix, output_field=CharField()), *(Cast(part, CharField()) for part in parts)]
    return rows.annotate(occasion=Concat(*words, output_field=CharField())).values_list(contact, "occasion").order_by()


def _spread_words(wave: Wave) -> str:
    words = ngettext("Everyone, spread over %(n)s day", "Everyone, spread over %(n)s days", wave.days)
    return words % {"n": number(wave.days)}


def _hours(wave: Wave) -> str:
    return ngettext("%(n)s hour after", "%(n)s hours after", wave.delay_hours) % {"n": number(wave.delay_hours)}


def _renewal_words(wave: Wave) -> str:
    words = ngettext("%(n)s day before a renewal", "%(n)s days before a renewal", wave.before_days)
    return words % {"n": number(wave.before_days)}


ONCE = SendingRule(
    "once", _("Everyone, once"), words=lambda _wave: gettext("Everyone, once"), period=lambda _now: "once"
)
DRIP = SendingRule(
    "drip", _("Everyone, spread over days"), words=_spread_words,
    period=lambda now: business_day(now).isoformat(), fields=("days",), is_spread=True,
)  # fmt: skip
TICKET = SendingRule(
    "ticket", _("After a ticket is solved"),
    words=lambda wave: gettext("%(hours)s a ticket is solved") % {"hours": _hours(wave)},
    period=each(5), due=_after_tickets, fields=("delay_hours",),
)  # fmt: skip
EVENT = SendingRule(
    "event", _("After an event"),
    words=lambda wave: gettext("%(hours)s “%(event)s”")
    % {"hours": _hours(wave), "event": catalogue.label(str(wave.event_type))},
    period=each(60), due=_after_events, fields=("event_type", "delay_hours"),
)  # fmt: skip
RENEWAL = SendingRule(
    "renewal", _("Before a renewal"), words=_renewal_words, period=each(60), due=_before_renewals,
    fields=("before_days",),
)  # fmt: skip
RULES: dict[str, SendingRule] = {rule.name: rule for rule in (ONCE, DRIP, TICKET, EVENT, RENEWAL)}


def get(name: str) -> SendingRule:
    """Return the rule. Raises KeyError."""
    return RULES[name]


def choices() -> list[tuple[str, Any]]:
    return [(rule.name, rule.label) for rule in RULES.values()]


def fields() -> dict[str, list[str]]:
    """Return each field that some rule needs, with the names of these rules."""
    names = dict.fromkeys(field for rule in RULES.values() for field in rule.fields)
    return {field: [rule.name for rule in RULES.values() if field in rule.fields] for field in names}
