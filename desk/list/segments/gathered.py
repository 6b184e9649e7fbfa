"""What two segments are compared by: each customer's scores, factors, money, events and answers, side by side."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import InputLog
from desk.list.segments.differences import Difference, Sample, holm, of_shares, of_values
from events.models import Channel, DailyCount
from scoring.models import CurrentScore
from scoring.risk.conditions import INPUTS, OLDEST

MOST = 10_000  # customers of a side: of more, so many are drawn
EVENT_DAYS = 90
ANSWERS = ("nps", "csat", "effort")
SCORES, FACTORS, MONEY, EVENTS, SAID = "scores", "factors", "money", "events", "answers"
GROUPS: dict[str, str | Promise] = {
    SCORES: gettext_lazy("Scores"),
    FACTORS: gettext_lazy("Health factors"),
    MONEY: gettext_lazy("Money"),
    EVENTS: gettext_lazy("Events by channel, each customer’s share in 90 days"),
    SAID: gettext_lazy("Survey answers, each customer’s mean"),
}
Values = Mapping[int, float]  # customer → value; one that is unknown is not in it


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    group: str
    label: str
    values: Values
    is_share: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of both sides, and whether they differ."""

    figure: Figure
    difference: Difference


def drawn(customers: Iterable[int]) -> list[int]:
    """Return the customers, or MOST of them: the same ones each time, whatever their ids say about their age."""
    ids = sorted(customers)
    return ids if len(ids) <= MOST else sorted(sorted(ids, key=lambda pk: (pk * 2_654_435_761 % 2**32, pk))[:MOST])


def compare(first: Sequence[int], second: Sequence[int], today: date, currency: str) -> list[Compared]:
    """Compare all figures that either side has, corrected together. Three queries."""
    figures = [figure for figure in _figures([*first, *second], today, currency) if figure.values]
    found = holm({figure.name: _difference(figure, first, second) for figure in figures})
    return [Compared(figure, found[figure.name]) for figure in figures]


def _difference(figure: Figure, first: Sequence[int], second: Sequence[int]) -> Difference:
    sides = [[figure.values[pk] for pk in side if pk in figure.values] for side in (first, second)]
    if not figure.is_share:
        return of_values(*sides)
    return of_shares(*(Sample(len(side), sum(side) / len(side) if side else 0.0) for side in sides))


def _figures(customers: Sequence[int], today: date, currency: str) -> Iterator[Figure]:
    yield from _scores(customers, currency)
    inputs = _inputs(customers, today)
    yield from (
        Figure(name, SAID if name in ANSWERS else FACTORS, str(kind.label), inputs[name])
        for name, kind in INPUTS.items()
    )
    shares = _channels(customers, today)
    yield from (
        Figure(f"channel {channel}", EVENTS, str(Channel(channel).label), shares[channel], unit="%")
        for channel in Channel.values
    )


def _scores(customers: Sequence[int], currency: str) -> Iterator[Figure]:
    rows = list(
        CurrentScore.objects.filter(customer__in=customers).values_list(
            "customer", "health", "engagement", "at_risk", "monthly_value"
        )
    )
    yield Figure("health", SCORES, _("Health"), {row[0]: row[1] / 100 for row in rows if row[1] is not None})
    yield Figure("engagement", SCORES, _("Engagement"), {row[0]: row[2] / 100 for row in rows if row[2] is not None})
    yield Figure("at risk", SCORES, _("At risk"), {row[0]: float(row[3]) for row in rows}, is_share=True, unit="%")
    money = {row[0]: float(row[4]) for row in rows if row[4] is not None}
    yield Figure("money", MONEY, _("Monthly value"), money, unit=currency)


def _inputs(customers: Sequence[int], today: date) -> Mapping[str, Values]:
    """Return each customer's last input of each name, within a year."""
    rows = InputLog.objects.filter(
        customer__in=customers, name__in=INPUTS, known_on__range=(today - timedelta(days=OLDEST), today)
    )
    last = rows.order_by("customer", "name", "-known_on").distinct("customer", "name")
    found: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for customer, name, number in last.values_list("customer", "name", "number"):
        if number is not None:
            found[name][customer] = number / 1_000
    return found


def _channels(customers: Sequence[int], today: date) -> Mapping[str, Values]:
    """Return which share of a customer's events came by each channel; nobody without events is in it."""
    counts = DailyCount.objects.filter(
        customer__in=customers, day__range=(today - timedelta(days=EVENT_DAYS - 1), today)
    )
    by_customer: defaultdict[int, dict[str, int]] = defaultdict(dict)
    by_channel = counts.order_by().values_list("customer", "event_type__channel").annotate(Sum("count"))
    for customer, channel, count in by_channel:
        if count > 0:
            by_customer[customer][channel] = count
    used = {channel for of_one in by_customer.values() for channel in of_one}
    return defaultdict(
        dict,
        {
            channel: {
                customer: of_one.get(channel, 0) / sum(of_one.values()) for customer, of_one in by_customer.items()
            }
            for channel in used
        },
    )
