"""A customer's whole story: how many events of which type on which day, and whether and when it left."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from samples.portfolio import billing, churn, habits, life, mail, tickets
from samples.portfolio.churn import Decisions
from samples.portfolio.habits import Counts
from samples.portfolio.life import NEVER, Life, Origin
from samples.portfolio.spec import Portfolio, Stream

_CANCELLED_SHARE = 0.08  # of orders, three days later
_CANCELLED_AFTER = 3


@dataclass(frozen=True, slots=True)
class Story:
    """`counts`: type → events per day number. From `left_on`, the day of churn, nothing more is done."""

    index: int
    life: Life
    counts: Counts
    decisions: Decisions
    left_on: int | None

    @property
    def pays(self) -> bool:
        return self.life.pays_from < NEVER


def stories(portfolio: Portfolio) -> Iterator[Story]:
    """Yield one customer after the other; nothing is kept of those before."""
    return (tell(portfolio, index) for index in range(portfolio.customers))


def tell(portfolio: Portfolio, index: int) -> Story:
    """Return a customer's story: what it would do if it stayed, cut off where it leaves."""
    outline = life.outline(portfolio, index)
    lasting = _if_it_stayed(portfolio, index, outline)
    decisions, left_on = churn.decide(portfolio, index, outline, lasting)
    ends = min(portfolio.days if left_on is None else left_on, outline.lapses_on)
    for row in lasting.values():
        row[ends:] = 0
    return Story(index, outline, lasting | _milestones(portfolio.days, outline, left_on), decisions, left_on)


def _if_it_stayed(portfolio: Portfolio, index: int, outline: Life) -> Counts:
    """Return the counts of a customer who would never leave: the churn process decides on these."""
    counts = habits.counts(portfolio, index, outline)
    counts |= billing.counts(portfolio, index, outline)
    counts |= tickets.counts(portfolio, index, outline)
    counts |= mail.counts(portfolio, index, outline, counts)
    counts["Teammate removed"] = counts["Teammate removed"] + counts["Champion left"]
    counts["Order cancelled"] = _cancelled(portfolio, index, counts)
    if outline.origin is Origin.SILENT:
        counts = {name: np.zeros_like(row) for name, row in counts.items()}
    return counts


def _cancelled(portfolio: Portfolio, index: int, counts: Counts) -> np.ndarray:
    random = portfolio.random(index, Stream.ORDERS)
    cancelled = np.zeros(portfolio.days, dtype=np.int64)
    orders = counts["Order completed"][:-_CANCELLED_AFTER]
    cancelled[_CANCELLED_AFTER:] = random.binomial(orders, _CANCELLED_SHARE)
    return cancelled


def _milestones(days: int, outline: Life, left_on: int | None) -> Counts:
    """Return what happens once, if at all. A contract's own event is written when the contract is signed."""
    trial = outline.origin is Origin.TRIAL
    on = {
        "Trial started": outline.begins if trial else None,
        "Trial converted": outline.pays_from if trial and outline.pays_from < days else None,
        "Subscription cancelled": left_on,
    }
    counts = {name: np.zeros(days, dtype=np.int64) for name in on}
    for name, day in on.items():
        if day is not None:
            counts[name][day] = 1
    return counts
