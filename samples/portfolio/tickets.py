"""Support: tickets that are opened, a few that escalate, and when they are solved."""

import numpy as np

from samples.portfolio.habits import Counts
from samples.portfolio.life import Life
from samples.portfolio.seasons import Rhythm, beats
from samples.portfolio.spec import Portfolio, Stream

_PLAIN_RATE, _PLAIN_SPREAD = 0.012, 0.8  # per day; standard deviation of the log
_ESCALATED_RATE, _ESCALATED_SPREAD = 0.008, 1.1
_LONGEST = 12  # days until solved, at most


def counts(portfolio: Portfolio, index: int, life: Life) -> Counts:
    """Return tickets opened, escalated and solved on each day, up to where the story would end without churn.

    How often a customer's tickets escalate is drawn apart from how often it asks.
    """
    random = portfolio.random(index, Stream.TICKETS)
    days = portfolio.days
    day = np.arange(days)
    asks = (day >= life.pays_from) & ~((day >= life.quiet_from) & (day < life.quiet_to))
    work = np.where(asks, beats(portfolio.first_day, days)[Rhythm.WORK], 0.0)
    plain = random.poisson(_rate(random, _PLAIN_RATE, _PLAIN_SPREAD) * work)
    escalated = random.poisson(_rate(random, _ESCALATED_RATE, _ESCALATED_SPREAD) * work)
    opened, solved = plain.copy(), np.zeros(days + _LONGEST + 1, dtype=np.int64)
    for at in np.repeat(day, escalated).tolist():
        opened[max(life.pays_from, at - int(random.integers(0, 4)))] += 1
        solved[at + 2 + int(random.integers(0, _LONGEST - 2))] += 1
    for at in np.repeat(day, plain).tolist():
        solved[at + int(random.integers(0, 5))] += 1
    return {"Ticket opened": opened, "Ticket escalated": escalated, "Ticket solved": solved[:days]}


def _rate(random: np.random.Generator, mean: float, spread: float) -> float:
    return float(mean * np.exp(spread * random.standard_normal() - spread**2 / 2))
