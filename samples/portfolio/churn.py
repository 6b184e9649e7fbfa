"""Why customers leave: a monthly hazard, logistic in decayed sums of eight event types, with known weights.

The sums are those of the engagement score: each day's count, at most the daily cap, × 2^(−age / half-life), over
the window. What a model fitted to the events finds can be held against WEIGHTS.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samples.portfolio.habits import Counts
from samples.portfolio.life import Life, Origin
from samples.portfolio.spec import Portfolio, Stream

WINDOW = 60  # days
HALF_LIFE = 30  # days
MONTH = 30  # days from one decision to the next
INTERCEPT = -3.4


@dataclass(frozen=True, slots=True)
class Driver:
    """`weight` is added to the log-odds of leaving within the month, for each decayed event."""

    name: str
    weight: float
    daily_cap: int


DRIVERS = (
    Driver("Price raised", 2.40, 1),
    Driver("Champion left", 1.40, 1),
    Driver("Ticket escalated", 0.82, 2),
    Driver("Meeting held", -0.48, 2),
    Driver("Payment failed", 0.28, 2),
    Driver("Article viewed", 0.165, 5),
    Driver("Feature used", -0.097, 20),
    Driver("Report created", -0.057, 5),
)
WEIGHTS = np.array([driver.weight for driver in DRIVERS])
_CAPS = np.array([[driver.daily_cap] for driver in DRIVERS])
# In whole millionths, as published versions of a scoring model have it.
DECAY = np.array([round(1_000_000 * 2 ** (-age / HALF_LIFE)) / 1_000_000 for age in range(WINDOW)])


@dataclass(frozen=True, slots=True)
class Decisions:
    """The months a customer could leave in: day numbers, (months, drivers) sums at their close, who left.

    `seen` is false for the last, whose month lies beyond the portfolio's last day: nobody knows yet.
    """

    days: NDArray[np.int64]
    sums: NDArray[np.float64]
    left: NDArray[np.bool_]
    seen: NDArray[np.bool_]


def decision_days(days: int) -> NDArray[np.int64]:
    """Return the closes at which customers decide: every 30 days back from the last, a full window before."""
    return np.arange(days - 1, WINDOW - 2, -MONTH)[::-1]


def decayed_sums(counts: Counts, closes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (closes, drivers): Σ min(count, daily cap) × decay[age] over the window. A close is ≥ WINDOW − 1."""
    capped = np.minimum(np.array([counts[driver.name] for driver in DRIVERS]), _CAPS)
    within = closes[:, None] - np.arange(WINDOW)
    return (capped[:, within] * DECAY).sum(axis=2).T


def hazard(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of leaving within the month after each close."""
    return 1 / (1 + np.exp(-(INTERCEPT + sums @ WEIGHTS)))


def decide(portfolio: Portfolio, index: int, life: Life, counts: Counts) -> tuple[Decisions, int | None]:
    """Return the customer's decisions and the day it leaves, None if it stays.

    Nobody leaves in the first 60 days of paying. `counts` are those of a customer who stays for ever.
    """
    random = portfolio.random(index, Stream.CHURN)
    closes = decision_days(portfolio.days)
    odds, waits = random.random(len(closes)), random.integers(1, MONTH + 1, len(closes))
    may = closes >= life.pays_from + WINDOW - 1
    # They signed lately and did nothing: there is nothing to decide by.
    if life.origin is Origin.SILENT:
        may[:] = False
    # Drawn for all months first: a customer's chances do not depend on how many of them count.
    closes, odds, waits = closes[may], odds[may], waits[may]
    sums = decayed_sums(counts, closes)
    leaves = odds < hazard(sums)
    first = int(np.argmax(leaves)) if leaves.any() else len(closes) - 1
    made = slice(0, first + 1)
    decisions = Decisions(closes[made], sums[made], leaves[made], closes[made] + MONTH < portfolio.days)
    gone = int(closes[first] + waits[first]) if leaves.any() else portfolio.days
    return decisions, gone if gone < portfolio.days else None
