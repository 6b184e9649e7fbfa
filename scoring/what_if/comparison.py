"""Before and after, of the customers a colleague may see: how bands are filled, what moves between them, and who."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

import numpy as np
from django.conf import settings
from django.db.models import BigIntegerField, Case, DecimalField, F, Value, When
from django.db.models.functions import Cast, Coalesce, Round

from core.db import column_query as db
from core.models import CurrencyRate
from customers.models import Customer
from scoring.vectorised import ENGAGEMENT_BANDS, HEALTH_BANDS, UNKNOWN, is_judged
from scoring.what_if.base import Bands
from scoring.what_if.judged import Judged
from staff.models import User

NO_VALUE = -1  # unknown, or in a currency without a rate
_COLUMNS = ("customer", "owner", "cents")
_BIG = BigIntegerField()

NAMES = {"health_band": HEALTH_BANDS, "engagement_band": ENGAGEMENT_BANDS}
RED = HEALTH_BANDS.index("red")


class BandChange(StrEnum):
    """A kind of change, to list the customers it happens to."""

    ALL = ""
    AT_RISK = "at_risk"
    NO_LONGER_AT_RISK = "no_longer_at_risk"
    RED = "red"
    WORSE = "worse"
    BETTER = "better"
    UNKNOWN = "unknown"
    ENGAGEMENT = "engagement"


@dataclass(frozen=True, slots=True)
class Sum:
    """So many customers, and what they are worth a month in BASE_CURRENCY; those of unknown value count as 0."""

    customers: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Filled:
    """A band before and after; `band` is None for unknown."""

    band: str | None
    before: Sum
    after: Sum

    @property
    def difference(self) -> int:
        return self.after.customers - self.before.customers


@dataclass(frozen=True, slots=True)
class Flow:
    """Who goes from one band to another."""

    before: str | None
    after: str | None
    moved: Sum


@dataclass(frozen=True)
class Comparison:
    """The judged customers a colleague may see, each with its owner (0: none) and cents a month (−1: unknown)."""

    judged: Judged
    owner: np.ndarray
    cents: np.ndarray

    @cached_property
    def count(self) -> int:
        return len(self.judged.customers)

    @cached_property
    def changed(self) -> np.ndarray:
        return self._differs("health_band") | self._differs("engagement_band")

    def filled(self, kind: str) -> list[Filled]:
        """Return each band, the worst first, unknown last."""
        before, after = (self._sums(getattr(side, kind), len(NAMES[kind])) for side in self._sides)
        names = (*NAMES[kind], None)
        return [Filled(*row) for row in zip(names, before, after, strict=True)]

    def flows(self, kind: str) -> list[Flow]:
        """Return what moves between two bands, the most revenue first."""
        names = (*NAMES[kind], None)
        width = len(names)
        # −1 modulo the width is the last name: unknown.
        before, after = (getattr(side, kind).astype(np.int64) % width for side in self._sides)
        differs = before != after
        sums = self._sums((before * width + after)[differs], width * width, self.cents[differs])
        flows = [Flow(names[i // width], names[i % width], moved) for i, moved in enumerate(sums) if moved.customers]
        return sorted(flows, key=lambda flow: (-flow.moved.value, -flow.moved.customers))

    def sum_of(self, change: BandChange) -> Sum:
        mask = self.mask(change)
        return self._sum(self.cents[mask])

    def mask(self, change: BandChange) -> np.ndarray:
        """Return which of the judged customers change in this way."""
        before, after = (side.health_band for side in self._sides)
        known = is_judged(before) & is_judged(after)
        masks = {
            BandChange.ALL: lambda: self.changed,
            BandChange.AT_RISK: lambda: self.judged.at_risk_after & ~self.judged.at_risk_before,
            BandChange.NO_LONGER_AT_RISK: lambda: self.judged.at_risk_before & ~self.judged.at_risk_after,
            BandChange.RED: lambda: (after == RED) & (before != RED),
            BandChange.WORSE: lambda: known & (after < before),
            BandChange.BETTER: lambda: known & (after > before),
            BandChange.UNKNOWN: lambda: (before == UNKNOWN) != (after == UNKNOWN),
            BandChange.ENGAGEMENT: lambda: self._differs("engagement_band"),
        }
        return masks[change]()

    def changes(self, change: BandChange = BandChange.ALL, owner: int | None = None) -> np.ndarray:
        """Return the places of those who change, who come to be at risk first, then the others by revenue."""
        mask = self.mask(change)
        if owner is not None:
            mask = mask & (self.owner == owner)
        places = np.flatnonzero(mask)
        masks = [self.mask(change)[places] for change in _FIRST]
        rank = np.select(masks, range(len(_FIRST)), default=len(_FIRST))
        order: np.ndarray = places[np.lexsort((self.judged.customers[places], -self.cents[places], rank))]
        return order

    def owners(self) -> set[int]:
        """Return whose customers change."""
        return set(np.unique(self.owner[self.changed]).tolist()) - {0}

    @property
    def _sides(self) -> Iterator[Bands]:
        yield from (self.judged.before, self.judged.after)

    def _differs(self, kind: str) -> np.ndarray:
        before, after = (getattr(side, kind) for side in self._sides)
        differs: np.ndarray = before != after
        return differs

    def _sums(self, place: np.ndarray, width: int, cents: np.ndarray | None = None) -> list[Sum]:
        cents = self.cents if cents is None else cents
        # −1 would count from the end; unknown gets the place after the last band.
        place = np.where(place == UNKNOWN, width, place)
        counts = np.bincount(place, minlength=width + 1)
        worth = np.zeros(len(counts), dtype=np.int64)
        np.add.at(worth, place, np.where(cents == NO_VALUE, 0, cents))
        return [Sum(int(n), Decimal(int(w)) / 100) for n, w in zip(counts, worth, strict=True)]

    @staticmethod
    def _sum(cents: np.ndarray) -> Sum:
        return Sum(len(cents), Decimal(int(cents[cents != NO_VALUE].sum())) / 100)


_FIRST = (BandChange.AT_RISK, BandChange.RED, BandChange.WORSE, BandChange.UNKNOWN, BandChange.BETTER)


def compare(judged: Judged, portfolio: np.ndarray) -> Comparison:
    """Keep the judged customers that are in the portfolio, which is in order of customer."""
    place = np.searchsorted(portfolio["customer"], judged.customers)
    place = np.minimum(place, max(0, len(portfolio) - 1))
    there = (
        portfolio["customer"][place] == judged.customers
        if len(portfolio)
        else np.zeros(len(judged.customers), dtype=bool)
    )
    mine = portfolio[place[there]] if len(portfolio) else portfolio
    return Comparison(judged.only(there), mine["owner"], mine["cents"])


def visible_portfolio(user: User, today: date) -> np.ndarray:
    """Return (customer, owner: 0 for none, cents of BASE_CURRENCY a month), in order of customer. Two queries."""
    cents = Cast(Round(F("mrr") * _rate(today) * 100), _BIG)
    rows = (
        Customer.objects.visible_to(user)
        .known()
        .order_by("pk")
        .values_list("pk", Cast(Coalesce("owner", 0), _BIG), Coalesce(cents, Value(NO_VALUE, _BIG)))
    )
    sql, params = rows.query.sql_with_params()
    return db.read(sql, params, _COLUMNS)


def _rate(today: date) -> Case:
    """Return what says the day's rate of a customer's currency: a short list, so that no row asks another table."""
    newest = CurrencyRate.objects.filter(day__lte=today).order_by("currency", "-day").distinct("currency")
    decimal = DecimalField(max_digits=20, decimal_places=8)
    return Case(
        When(currency=settings.BASE_CURRENCY, then=Value(1, decimal)),
        *(
            When(currency=currency, then=Value(rate, decimal))
            for currency, rate in newest.values_list("currency", "rate")
        ),
        default=None,
        output_field=decimal,
    )
