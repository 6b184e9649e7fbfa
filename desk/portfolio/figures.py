"""The figures of a portfolio now and on the day before the period: one grouped query, and sums of its cells.

Every figure is a sum over the same cells, so that bands, movement and groups add up to one another.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, F, FilteredRelation, Min, Q, Sum, TextField, Value

from customers.models import Stage
from customers.models.customer import CustomerQuerySet
from records.notes import contacts_made
from scoring.models import HealthBand, PastDay

NO_CONTACT_DAYS = 30
BANDS: tuple[str | None, ...] = (*HealthBand.values, None)  # None: unknown
_ZERO = Decimal(0)


class Amount(NamedTuple):
    """So many customers and what they pay a month in BASE_CURRENCY; those whose value is unknown are in no sum."""

    customers: int
    revenue: Decimal
    unknown: int


class Cell(NamedTuple):
    """The customers that are alike in all that is asked; `then` is the day before the period."""

    group: Any
    label: str | None  # of the group, where it is a text: one of its spellings
    is_followed: bool
    band: str | None
    was_there: bool
    band_then: str | None
    at_risk: bool | None
    is_contacted: bool
    customers: int
    value: Decimal | None
    known: int
    value_then: Decimal | None
    known_then: int
    current_then: int  # of them, so many with today's value in the place of one that was not logged
    health: int | None  # of those whose health is known, together, in hundredths
    judged: int

    @property
    def now(self) -> Amount:
        return Amount(self.customers, self.value or _ZERO, self.customers - self.known)

    @property
    def then(self) -> Amount:
        return Amount(self.customers, self.value_then or _ZERO, self.customers - self.known_then)


@dataclass(frozen=True, slots=True)
class Flow:
    """The customers that went from one band to another; with None for a band that is unknown.

    `before` is "" for those who were no customers then, `after` for those who left: they have but one amount.
    """

    before: str | None
    after: str | None
    then: Amount
    now: Amount


@dataclass(frozen=True)
class Figures:
    """The figures of some cells."""

    cells: Sequence[Cell]

    def now(self, test: Callable[[Cell], Any] = lambda cell: True) -> Amount:
        """Add up the customers of today for whom the test holds, at what they pay today."""
        return add(cell.now for cell in self.cells if cell.is_followed and test(cell))

    def then(self, test: Callable[[Cell], Any] = lambda cell: True) -> Amount:
        """Add up the customers of then for whom the test holds, at what they paid then."""
        return add(cell.then for cell in self.cells if cell.was_there and test(cell))

    @cached_property
    def at_risk(self) -> Amount:
        return self.now(lambda cell: cell.at_risk)

    @cached_property
    def not_contacted(self) -> Amount:
        return self.now(lambda cell: not cell.is_contacted)

    @cached_property
    def new(self) -> Amount:
        return self.now(lambda cell: not cell.was_there)

    @cached_property
    def lost(self) -> Amount:
        return self.then(lambda cell: not cell.is_followed)

    @cached_property
    def change_of_kept(self) -> Decimal:
        """What those who stayed pay more or less; what was unknown at one end counts there as nothing."""
        return self.now().revenue - self.then().revenue - self.new.revenue + self.lost.revenue

    @cached_property
    def valued_at_today(self) -> int:
        return sum(cell.current_then for cell in self.cells if cell.was_there)

    @cached_property
    def mean_health(self) -> Decimal | None:
        """Return the mean of those of today whose health is known, in hundredths; None when it is of nobody."""
        cells = [cell for cell in self.cells if cell.is_followed]
        judged = sum(cell.judged for cell in cells)
        return Decimal(sum(cell.health or 0 for cell in cells)) / judged if judged else None

    def band_now(self, band: str | None) -> Amount:
        return self.now(lambda cell: cell.band == band)

    def band_then(self, band: str | None) -> Amount:
        return self.then(lambda cell: cell.band_then == band)

    @cached_property
    def flows(self) -> list[Flow]:
        """Return what moved between bands, came and left, the most revenue first."""
        cells: dict[tuple[str | None, str | None], list[Cell]] = {}
        for cell in self.cells:
            before, after = cell.band_then if cell.was_there else "", cell.band if cell.is_followed else ""
            if before != after:
                cells.setdefault((before, after), []).append(cell)
        nothing = Amount(0, _ZERO, 0)
        flows = [
            Flow(
                before,
                after,
                add(cell.then for cell in alike) if before != "" else nothing,
                add(cell.now for cell in alike) if after != "" else nothing,
            )
            for (before, after), alike in cells.items()
        ]
        return sorted(flows, key=lambda flow: (-max(flow.then.revenue, flow.now.revenue), str(flow)))

    def by_group(self, alike: Callable[[Any], Any] | None = None) -> dict[Any, "Figures"]:
        """Return the figures of each group; of those together for which `alike` says the same."""
        groups: dict[Any, list[Cell]] = {}
        for cell in self.cells:
            groups.setdefault(alike(cell.group) if alike else cell.group, []).append(cell)
        return {group: Figures(cells) for group, cells in groups.items()}


def add(amounts: Iterable[Amount]) -> Amount:
    customers, revenue, unknown = 0, _ZERO, 0
    for amount in amounts:
        customers, revenue, unknown = (
            customers + amount.customers,
            revenue + amount.revenue,
            unknown + amount.unknown,
        )
    return Amount(customers, revenue, unknown)


def load(
    customers: CustomerQuerySet, past_day: PastDay | None, today: date, *, group: Any = None, label: str = ""
) -> Figures:
    """Return the figures of the customers that are followed now or were then; without a day, of now alone. One query.

    `group` is an expression that splits them, `label` a field that names the groups.
    """
    since = today - timedelta(days=NO_CONTACT_DAYS - 1)
    rows = (
        customers.order_by()
        .annotate(past=FilteredRelation("past_bands", condition=Q(past_bands__of=past_day.pk if past_day else 0)))
        .annotate(
            group=Value(0) if group is None else group,
            is_followed=Q(stage__in=Stage.followed()),
            band=F("score__health_band"),
            was_there=Q(past__of__isnull=False),
            band_then=F("past__health_band"),
            is_at_risk=F("score__at_risk"),
            is_contacted=Q(pk__in=contacts_made(since).values("customer")),
        )
        .filter(Q(is_followed=True) | Q(was_there=True))
        .values("group", "is_followed", "band", "was_there", "band_then", "is_at_risk", "is_contacted")
        .annotate(
            label=Min(label) if label else Value(None, TextField()),
            n=Count("pk"),
            value=Sum("score__monthly_value"),
            known=Count("score__monthly_value"),
            value_then=Sum("past__monthly_value"),
            known_then=Count("past__monthly_value"),
            current_then=Count("pk", filter=Q(past__value_is_current=True)),
            health=Sum("score__health"),
            judged=Count("score__health"),
        )
    )
    names = (
        "group", "label", "is_followed", "band", "was_there", "band_then", "is_at_risk", "is_contacted", "n", "value",
        "known", "value_then", "known_then", "current_then", "health", "judged",
    )  # fmt: skip
    return Figures([Cell(*row) for row in rows.values_list(*names)])
