"""Renewals of the months ahead: by band and by what colleagues expect of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Exists, F, Func, OuterRef, QuerySet, Sum, Value

from core.money import Rates
from customers.models import Stage
from customers.models.customer import CustomerQuerySet
from desk.portfolio.figures import BANDS, Amount, add
from records.models import Contract, RenewalForecast
from records.renewals import renewing

MONTHS = 6  # this one, and those after it
CATEGORIES = tuple(RenewalForecast.Category.values)
_ZERO = Decimal(0)


class Part(NamedTuple):
    """Renewals that are alike: in one month, of one band (or category) and currency."""

    month: str
    kind: str | None
    currency: str
    contracts: int
    known: int
    value: Decimal | None


@dataclass(frozen=True)
class Month:
    """A month's renewals: amounts count contracts, and forecasts customers."""

    first: date
    by_band: dict[str | None, Amount]
    forecasts: dict[str, Amount] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def total(self) -> Amount:
        return add(self.by_band.values())


def months_ahead(today: date) -> list[date]:
    """Return the first days of this month and of those after it."""
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] + timedelta(days=32)).replace(day=1))
    return firsts


def end_of(month: date) -> date:
    """Return the last day of a month, of which the first is given."""
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def contracts(customers: CustomerQuerySet, first: date, last: date) -> QuerySet[Any]:
    """Return the contracts of customers on trial or active that renew within these days, with their `month`."""
    followed = customers.order_by().filter(stage__in=Stage.followed())
    return renewing(first, last).filter(customer__in=followed).annotate(month=month_of("renews_on"))


def by_month(customers: CustomerQuerySet, today: date) -> list[Month]:
    """Return the renewals from today to the end of the last month ahead. Two queries, one more for other currencies."""
    firsts = months_ahead(today)
    due = contracts(customers, today, end_of(firsts[-1]))
    bands = _parts(due, "month", F("customer__score__health_band"), "monthly_value", "currency")
    forecast = _parts(forecasts(due), "id", F("category"), "amount", "currency")
    rates = Rates({part.currency for part in (*bands, *forecast)})
    return [
        Month(
            first,
            _amounts((part for part in bands if part.month == f"{first:%Y-%m}"), BANDS, rates, today),
            _amounts((part for part in forecast if part.month == f"{first:%Y-%m}"), CATEGORIES, rates, today),
        )
        for first in firsts
    ]


def forecasts(due: QuerySet[Any]) -> QuerySet[RenewalForecast]:
    """Return what is expected of renewals that are due: a forecast counts while a contract renews in its month."""
    renewal = due.filter(customer=OuterRef("customer"), month=OuterRef("id"))
    return RenewalForecast.objects.filter(Exists(renewal))


def month_of(field_name: str) -> Func:
    """Return the month of a day, as forecasts name it."""
    return Func(F(field_name), Value("YYYY-MM"), function="to_char", output_field=CharField())


def _parts(rows: QuerySet[Any], month: str, kind: F, value: str, currency: str) -> list[Part]:
    grouped = rows.order_by().annotate(kind=kind).values(month, "kind", currency)
    sums = grouped.annotate(n=Count("*"), known=Count(value), total=Sum(value))
    return [Part(*row) for row in sums.values_list(month, "kind", currency, "n", "known", "total")]


def _amounts(parts: Iterable[Part], kinds: Iterable[Any], rates: Rates, today: date) -> dict[Any, Amount]:
    amounts: dict[Any, list[Amount]] = {kind: [] for kind in kinds}
    for part in parts:
        amounts[part.kind].append(_amount(part, rates, today))
    return {kind: add(some) for kind, some in amounts.items()}


def _amount(part: Part, rates: Rates, today: date) -> Amount:
    value = rates.in_base(part.value or _ZERO, part.currency, today)
    if value is None:  # without a rate nothing is known of any of them
        return Amount(part.contracts, _ZERO, part.contracts)
    return Amount(part.contracts, value, part.contracts - part.known)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A contract that renews, as the list shows it; its forecast stands once for a customer and month."""

    contract: Contract
    value: Decimal | None  # a month in BASE_CURRENCY
    forecast: RenewalForecast | None
    is_first: bool
    month: str

    @property
    def amount_shown(self) -> str:
        """What the amount's field holds: as a browser reads it in any language."""
        amount = self.forecast.amount if self.forecast else self.contract.monthly_value
        return "" if amount is None else str(amount)


def rows_of(due: Iterable[Contract], today: date) -> Iterator[Renewal]:
    """Yield the contracts of a page with their forecasts. Two queries."""
    rows = list(due)
    rates = Rates({contract.currency for contract in rows})
    wanted = {(contract.customer_id, f"{contract.renews_on:%Y-%m}") for contract in rows}
    found = RenewalForecast.objects.filter(
        customer__in={pk for pk, _ in wanted}, id__in={month for _, month in wanted}
    ).select_related("by")
    known = {(row.customer_id, row.id): row for row in found}
    for contract in rows:
        key = (contract.customer_id, f"{contract.renews_on:%Y-%m}")
        value = contract.monthly_value
        in_base = None if value is None else rates.in_base(value, contract.currency, today)
        yield Renewal(contract, in_base, known.get(key), key in wanted, key[1])
        wanted.discard(key)
