"""A month's invoice: paid, or tried again and again, and in the end overdue; and prices that rise."""

import numpy as np
from numpy.typing import NDArray

from samples.portfolio.habits import Counts
from samples.portfolio.life import Life, Origin
from samples.portfolio.spec import Portfolio, Stream

MONTH = 30
RETRIES = (0, 2, 4, 6, 9, 12)  # days after the invoice's own
OVERDUE_AFTER = 14
SETTLED_AFTER = 20

_TROUBLED_SHARE = 0.17
_FAILS_IF_TROUBLED = (0.35, 0.85)
_FAILS_ELSE = 0.012
_RISE_AT_RENEWAL = 0.45
_LIST_PRICE_RISE = 0.30  # of all customers, on one day
_LIST_PRICE_DAYS_AGO = 130


def counts(portfolio: Portfolio, index: int, life: Life) -> Counts:
    """Return what billing does on each day, up to the day the story would end without churn."""
    random = portfolio.random(index, Stream.BILLING)
    # Longer than the portfolio: what an invoice of the last days leads to is cut off below.
    days = {name: np.zeros(portfolio.days + SETTLED_AFTER + 1, dtype=np.int64) for name in _NAMES}
    low, high = _FAILS_IF_TROUBLED
    fails = random.uniform(low, high) if random.random() < _TROUBLED_SHARE else _FAILS_ELSE
    first = life.pays_from + (int(random.integers(0, MONTH)) if life.origin is Origin.OLD else 0)
    for day in range(first, portfolio.days, MONTH):
        tries = int(random.binomial(len(RETRIES), 0.55)) if random.random() < fails else 0
        _invoice(days, day, tries)
    days["Price raised"][rises(random, portfolio, life)] = 1
    return {name: row[: portfolio.days] for name, row in days.items()}


_NAMES = ("Invoice paid", "Invoice overdue", "Payment failed", "Price raised")


def _invoice(days: Counts, day: int, failures: int) -> None:
    """Fail the first tries; the next one succeeds, unless it comes too late: then it is overdue first."""
    for wait in RETRIES[:failures]:
        days["Payment failed"][day + wait] += 1
    if failures < 4:
        days["Invoice paid"][day + RETRIES[failures]] += 1
    else:
        days["Invoice overdue"][day + OVERDUE_AFTER] += 1
        days["Invoice paid"][day + SETTLED_AFTER] += 1


def rises(random: np.random.Generator, portfolio: Portfolio, life: Life) -> NDArray[np.int64]:
    """Return the days on which the price rises: at some renewals, for some when the price list changed."""
    renewals = [day for day in renewal_days(life, portfolio.days) if random.random() < _RISE_AT_RENEWAL]
    listed = portfolio.days - 1 - _LIST_PRICE_DAYS_AGO
    if random.random() < _LIST_PRICE_RISE and listed > life.pays_from:
        renewals.append(listed)
    return np.array(sorted(set(renewals)), dtype=np.int64)


def renewal_days(life: Life, days: int) -> list[int]:
    """Return the anniversaries of the first contract within the portfolio's days."""
    signed = life.pays_from - life.paid_before if life.origin is Origin.OLD else life.pays_from
    return [day for day in range(signed + 365, days, 365) if day >= 0]
