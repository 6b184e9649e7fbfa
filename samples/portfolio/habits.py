"""What customers do of their own accord: how often, how differently, how it drifts.

Every habit of every customer has a rate of its own: the mean rate × a lasting log-normal factor × a slow drift.
They are drawn apart, so one driver of churn says little about another. Only `use`, a common liking for the
product, ties a few together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samples.portfolio.life import Life
from samples.portfolio.seasons import Rhythm, beats
from samples.portfolio.spec import Portfolio, Stream

ONBOARDING_DAYS = 45
_KNOT = 30  # days between the points through which a drift runs
_MEMORY = 0.7  # how much of a drift is left after a knot


@dataclass(frozen=True, slots=True)
class Habit:
    """Mean rate per day; `spread` and `drift` are standard deviations of the log of the rate."""

    name: str
    rate: float
    spread: float = 0.7
    drift: float = 0.3
    rhythm: Rhythm = Rhythm.WORK
    use: float = 0.0  # share of the common liking
    trial: float = 0.0  # multiplier during a trial
    onboarding: float = 1.0  # multiplier in the first 45 days of a new customer
    stops: bool = True  # no more of it while a customer is quiet


HABITS = (
    Habit("Page viewed", 0.10, trial=3.0, use=0.2),
    Habit("Form submitted", 0.03, trial=2.0),
    Habit("Webinar attended", 0.025, onboarding=2.0),
    Habit("Email sent", 0.07, spread=0.3, rhythm=Rhythm.MAIL, trial=1.5, stops=False),
    Habit("Email unsubscribed", 0.0006, spread=0.0, drift=0.0, rhythm=Rhythm.LEISURE),
    Habit("Post seen", 0.02, rhythm=Rhythm.LEISURE, trial=1.0, stops=False),
    Habit("Post shared", 0.03, spread=0.9, rhythm=Rhythm.LEISURE),
    Habit("Company mentioned", 0.015, spread=0.9, rhythm=Rhythm.LEISURE),
    Habit("Screen viewed", 0.05, spread=1.2, rhythm=Rhythm.LEISURE, trial=0.5, use=0.2),
    Habit("Push opened", 0.04, spread=1.2, rhythm=Rhythm.LEISURE),
    Habit("Signed in", 0.16, spread=0.6, trial=2.0, use=0.3),
    Habit("Feature used", 0.24, spread=0.75, drift=0.45, trial=2.0, use=0.3),
    Habit("Report created", 0.40, spread=0.8, drift=0.45, trial=1.0, use=0.2),
    Habit("Dashboard exported", 0.005, spread=1.0),
    Habit("Integration connected", 0.010, trial=3.0, onboarding=4.0),
    Habit("Teammate invited", 0.035, trial=2.0, onboarding=2.5),
    Habit("Teammate removed", 0.003),
    Habit("Training attended", 0.015, onboarding=4.0),
    Habit("Meeting held", 0.060, spread=0.8, drift=0.4, trial=1.0),
    Habit("Order completed", 0.080, spread=0.8, drift=0.4),
    Habit("Add-on bought", 0.009),
    Habit("Article viewed", 0.060, spread=1.1, drift=0.5, trial=1.0),
    Habit("Champion left", 0.0016, spread=0.5, drift=0.0, stops=False),
    Habit("Survey answered", 0.025, spread=0.6),
    Habit("Note logged", 0.016, spread=0.5, trial=1.0, stops=False),
)

_RATE = np.array([[habit.rate] for habit in HABITS])
_SPREAD = np.array([[habit.spread] for habit in HABITS])
_DRIFT = np.array([[habit.drift] for habit in HABITS])
_USE = np.array([[habit.use] for habit in HABITS])
_TRIAL = np.array([[habit.trial] for habit in HABITS])
_ONBOARDING = np.array([[habit.onboarding] for habit in HABITS])
_STOPS = np.array([[habit.stops] for habit in HABITS])

Counts = dict[str, NDArray[np.int64]]


def counts(portfolio: Portfolio, index: int, life: Life) -> Counts:
    """Return the events of each habit on each day, up to the day the story would end without churn."""
    random = portfolio.random(index, Stream.HABITS)
    number = len(HABITS)
    lasting = _SPREAD * random.standard_normal((number, 1)) + _USE * random.standard_normal()
    # Half the variance is taken off, so that the mean of the log-normal rate stays the rate.
    log_rate = lasting + _drifts(random, portfolio.days) - (_SPREAD**2 + _USE**2 + _DRIFT**2) / 2
    beat = beats(portfolio.first_day, portfolio.days)
    rhythm = np.array([beat[habit.rhythm] for habit in HABITS])
    drawn = random.poisson(_RATE * np.exp(log_rate) * rhythm * _phases(life, portfolio.days))
    return {habit.name: row for habit, row in zip(HABITS, drawn, strict=True)}


def _drifts(random: np.random.Generator, days: int) -> NDArray[np.float64]:
    """Return slow walks around 0, one per habit, straight between knots, always about as wide."""
    knots = np.empty((len(HABITS), days // _KNOT + 2))
    steps = random.standard_normal(knots.shape)
    knots[:, 0] = steps[:, 0]
    for knot in range(1, knots.shape[1]):
        # The second factor keeps the variance the same at every knot.
        knots[:, knot] = _MEMORY * knots[:, knot - 1] + (1 - _MEMORY**2) ** 0.5 * steps[:, knot]
    day = np.arange(days)
    left, way = day // _KNOT, day % _KNOT / _KNOT
    return _DRIFT * (knots[:, left] * (1 - way) + knots[:, left + 1] * way)


def _phases(life: Life, days: int) -> NDArray[np.float64]:
    """Return the multipliers of where in its life the customer is: (habits, days)."""
    day = np.arange(days)
    trying = (day >= life.begins) & (day < life.pays_from) & (day <= life.trial_ends)
    paying = day >= life.pays_from
    new = paying & (day < life.pays_from + ONBOARDING_DAYS) & life.is_new
    quiet = (day >= life.quiet_from) & (day < life.quiet_to)
    phases = np.where(trying, _TRIAL, 0.0) + np.where(paying, np.where(new, _ONBOARDING, 1.0), 0.0)
    return phases * np.where(_STOPS & quiet, 0.0, 1.0)
