"""Why a customer is at risk, in words: the signals of `scoring.risk.signals` as sentences."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from core.templatetags.show import day_and_month, number, whole
from customers.models import Customer
from events import catalogue
from events.models import Channel
from scoring.models import EngagementBand, HealthBand
from scoring.risk import signals_query
from scoring.risk.signals import FALL_DAYS, TROUBLE_DAYS, Fall, Habit, Signals, Trouble

MOST = 3  # reasons told of a customer; more than a glance takes in are no reasons any more

SILENCES = {
    Channel.PURCHASE: ngettext_lazy("no purchase for %(days)s day", "no purchase for %(days)s days", "count"),
    Channel.PRODUCT: ngettext_lazy("product not used for %(days)s day", "product not used for %(days)s days", "count"),
    Channel.MOBILE: ngettext_lazy("app not used for %(days)s day", "app not used for %(days)s days", "count"),
    Channel.WEB: ngettext_lazy(
        "no visit to the website for %(days)s day", "no visit to the website for %(days)s days", "count"
    ),
    Channel.IN_PERSON: ngettext_lazy("no meeting for %(days)s day", "no meeting for %(days)s days", "count"),
    Channel.EMAIL: ngettext_lazy(
        "no reaction to e-mail for %(days)s day", "no reaction to e-mail for %(days)s days", "count"
    ),
    Channel.SOCIAL: ngettext_lazy(
        "silent on social media for %(days)s day", "silent on social media for %(days)s days", "count"
    ),
}


# Event types that count against a customer, with their number. Others are told by name: "Refund asked for: 2 in …".
TROUBLES = {
    "Email unsubscribed": ngettext_lazy(
        "%(count)s e-mail unsubscribe in %(days)s days", "%(count)s e-mail unsubscribes in %(days)s days", "n"
    ),
    "Email bounced": ngettext_lazy(
        "%(count)s bounced e-mail in %(days)s days", "%(count)s bounced e-mails in %(days)s days", "n"
    ),
    "Teammate removed": ngettext_lazy(
        "%(count)s teammate removed in %(days)s days", "%(count)s teammates removed in %(days)s days", "n"
    ),
    "Order cancelled": ngettext_lazy(
        "%(count)s cancelled order in %(days)s days", "%(count)s cancelled orders in %(days)s days", "n"
    ),
    "Ticket opened": ngettext_lazy(
        "%(count)s new ticket in %(days)s days", "%(count)s new tickets in %(days)s days", "n"
    ),
    "Ticket escalated": ngettext_lazy(
        "%(count)s escalated ticket in %(days)s days", "%(count)s escalated tickets in %(days)s days", "n"
    ),
    "Invoice overdue": ngettext_lazy(
        "%(count)s overdue invoice in %(days)s days", "%(count)s overdue invoices in %(days)s days", "n"
    ),
    "Payment failed": ngettext_lazy(
        "%(count)s failed payment in %(days)s days", "%(count)s failed payments in %(days)s days", "n"
    ),
    "Champion left": ngettext_lazy(
        "%(count)s champion left in %(days)s days", "%(count)s champions left in %(days)s days", "n"
    ),
}


def reasons(customers: Iterable[Customer], *, today: date) -> dict[int, list[str]]:
    """Return customer → the reasons to look after it now, none without a score. Their `score` must be loaded.

    One query; two where an event is about somebody.
    """
    rows = list(customers)
    loaded = signals_query.load(rows, today=today)
    return {row.pk: sentences(loaded[row.pk]) if row.pk in loaded else [] for row in rows}


def sentences(signals: Signals) -> list[str]:
    """Return the most telling reasons in the reader's language, most telling first."""
    every = [
        *_falls(signals),
        *_troubles(signals, grave=True),
        *_silences(signals),
        *_troubles(signals, grave=False),
    ]
    return (every or _standing(signals))[:MOST]


def _falls(signals: Signals) -> list[str]:
    """Return one fall at most: health mostly falls because engagement did, which is the better reason."""
    if fall := signals.engagement_fall:
        return [_("engagement %(before)s → %(now)s in %(days)s days") % _change(fall)]
    if fall := signals.health_fall:
        return [_("health %(before)s → %(now)s in %(days)s days") % _change(fall)]
    return []


def _change(fall: Fall) -> dict[str, object]:
    return {"before": whole(fall.before), "now": whole(fall.now), "days": FALL_DAYS}


def _silences(signals: Signals) -> list[str]:
    broken = [(channel, habit) for channel, habit in signals.broken_habits if channel in SILENCES]
    if signals.silence is not None:
        # Everything is silent: one sentence for all, and the purchase if that was missed even longer.
        longer = [pair for pair in broken if pair[0] == Channel.PURCHASE and pair[1].silence > signals.silence]
        return [_quiet(signals.silence), *(_silence(*pair) for pair in longer)]
    return [_silence(channel, habit) for channel, habit in broken]


def _quiet(days: int) -> str:
    return ngettext("no activity for %(days)s day", "no activity for %(days)s days", days) % {"days": number(days)}


def _silence(channel: Channel, habit: Habit) -> str:
    text = SILENCES[channel] % {"count": habit.silence, "days": number(habit.silence)}
    return f"{text} ({_usual(habit.gap)})"


def _usual(gap: int) -> str:
    if gap == 1:
        return _("usually daily")
    return ngettext("usually every %(days)s day", "usually every %(days)s days", gap) % {"days": number(gap)}


def _troubles(signals: Signals, *, grave: bool) -> list[str]:
    return [_trouble(trouble) for trouble in signals.telling_troubles if trouble.is_grave is grave]


def _trouble(trouble: Trouble) -> str:
    """Say what happened once by its day and person, what happened again by its number."""
    event = catalogue.label(trouble.event_type)
    if trouble.count == 1:
        values = {"event": event, "day": day_and_month(trouble.last_on), "person": trouble.person}
        return (_("%(event)s on %(day)s (%(person)s)") if trouble.person else _("%(event)s on %(day)s")) % values
    values = {"event": event, "count": number(trouble.count), "days": number(TROUBLE_DAYS)}
    if trouble.event_type in TROUBLES:
        return TROUBLES[trouble.event_type] % {"n": trouble.count, **values}
    return _("%(event)s: %(count)s in %(days)s days") % values


def _standing(signals: Signals) -> list[str]:
    """Return what can be said when nothing changed: where the customer stands."""
    if signals.health_band == HealthBand.RED:
        return [_("health is low at %(score)s") % {"score": whole(signals.health)}]
    if signals.engagement_band in EngagementBand.in_danger():
        return [_("engagement is low at %(score)s") % {"score": whole(signals.engagement)}]
    return []
