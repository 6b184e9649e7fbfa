"""What a customer is called, pays and signs over time: stages, plans, monthly revenue, contracts."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from samples.portfolio import billing
from samples.portfolio.company import PLANS, Company
from samples.portfolio.life import Life, Origin
from samples.portfolio.spec import Portfolio, Stream
from samples.portfolio.story import Story

YEAR = 365
_RISE = (0.06, 0.18)
_ADD_ON = (0.03, 0.12)
_UPGRADE_SHARE, _UPGRADE = 0.10, (1.4, 1.9)  # at a renewal
_UPGRADES = dict(zip(PLANS, list(PLANS)[1:], strict=False))
TRIAL_PLAN = "Trial"


@dataclass(frozen=True, slots=True)
class State:
    """What was true from a day on. `mrr` is None in a trial, 0 after churn."""

    day: int
    stage: str
    plan: str
    mrr: Decimal | None


@dataclass(frozen=True, slots=True)
class Term:
    """A contract of a year. Days may lie before day 0 or beyond the last. `ends_on` is None while it runs."""

    number: int
    starts_on: int
    renews_on: int
    ends_on: int | None
    monthly_value: Decimal


def states(portfolio: Portfolio, company: Company, story: Story) -> list[State]:
    """Return the first state and each change, in order, at most one a day."""
    life = story.life
    by_day = {}
    if life.origin is Origin.TRIAL:
        by_day[life.begins] = State(life.begins, "trial", TRIAL_PLAN, None)
    if life.lapses_on < portfolio.days:
        by_day[life.lapses_on] = State(life.lapses_on, "archived", TRIAL_PLAN, None)
    if life.pays_from < portfolio.days:
        state = State(life.pays_from, "active", company.plan, company.mrr)
        by_day |= {state.day: state, **_grown(portfolio, story, state)}
    if story.left_on is not None:
        last = by_day[max(by_day)]
        by_day[story.left_on] = State(story.left_on, "churned", last.plan, Decimal(0))
    return [by_day[day] for day in sorted(by_day)]


def _grown(portfolio: Portfolio, story: Story, state: State) -> dict[int, State]:
    """Follow what raises the monthly revenue: prices, add-ons, upgrades at a renewal."""
    random = portfolio.random(story.index, Stream.MONEY)
    renewals = billing.renewal_days(story.life, portfolio.days)
    rises, add_ons = story.counts["Price raised"], story.counts["Add-on bought"]
    days = {*renewals, *np.nonzero(rises)[0].tolist(), *np.nonzero(add_ons)[0].tolist()}
    by_day = {}
    for day in sorted(day for day in days if day > state.day and day < (story.left_on or portfolio.days)):
        plan, factor = state.plan, 1.0
        factor *= 1 + random.uniform(*_RISE) * int(rises[day]) + random.uniform(*_ADD_ON) * int(add_ons[day])
        if day in renewals and plan in _UPGRADES and random.random() < _UPGRADE_SHARE:
            plan, factor = _UPGRADES[plan], factor * random.uniform(*_UPGRADE)
        if factor > 1:
            assert state.mrr is not None
            state = State(day, "active", plan, Decimal(round(float(state.mrr) * factor)))
            by_day[day] = state
    return by_day


def terms(portfolio: Portfolio, story: Story, changes: list[State]) -> list[Term]:
    """Return the contracts in force within the portfolio's days. None for trials, nor for those without data."""
    life, last = story.life, (portfolio.days - 1 if story.left_on is None else story.left_on - 1)
    if not story.pays or life.origin is Origin.SILENT:
        return []
    signed = []
    for number, starts_on in enumerate(range(_first_start(life), last + 1, YEAR)):
        renews_on = starts_on + YEAR
        ends_on = renews_on - 1 if renews_on <= last else story.left_on
        value = [state.mrr for state in changes if state.mrr and state.day <= max(starts_on, life.pays_from)][-1]
        signed.append(Term(number, starts_on, renews_on, ends_on, value))
    return signed


def _first_start(life: Life) -> int:
    """Return the day of the contract in force on day 0, or of the first contract after."""
    if life.origin is not Origin.OLD:
        return life.pays_from
    return -(life.paid_before % YEAR)
