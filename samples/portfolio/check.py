"""Check the churn process against its own weights: `python -m samples.portfolio.check --customers 5000 --seed 1`.

Prints churn a year, the drivers' largest correlation, and the weights found again by logistic regression.
"""

import argparse
import sys
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from samples.portfolio import churn
from samples.portfolio.spec import OutOfRange, Portfolio
from samples.portfolio.story import stories
from scoring.backtest import statistics, suggest

# Any day will do; a fixed one makes the same numbers appear everywhere.
LAST_DAY = date(2026, 6, 30)
YEAR = 365


@dataclass(frozen=True, slots=True)
class Months:
    """The months in which customers could leave, and what became of them. `sums` is (months, drivers).

    `who` is the customer of each month.
    """

    who: NDArray[np.int64]
    sums: NDArray[np.float64]
    left: NDArray[np.bool_]
    events: int
    churned: int
    paid_days: int

    @property
    def churn_a_year(self) -> float:
        """Return customers who left per year of paying customers (0..1)."""
        return self.churned * YEAR / self.paid_days

    @property
    def largest_correlation(self) -> float:
        correlations = np.abs(np.corrcoef(self.sums.T))
        return float((correlations - np.eye(len(correlations))).max())


def months(portfolio: Portfolio) -> Months:
    """Return the months of all customers whose outcome is known."""
    who, sums, left, events, churned, paid_days = [], [], [], 0, 0, 0
    for story in stories(portfolio):
        seen = story.decisions.seen
        who.append(np.full(int(seen.sum()), story.index))
        sums.append(story.decisions.sums[seen])
        left.append(story.decisions.left[seen])
        events += sum(int(row.sum()) for row in story.counts.values())
        churned += story.left_on is not None
        ends = portfolio.days if story.left_on is None else story.left_on
        paid_days += max(0, ends - story.life.pays_from)
    return Months(np.concatenate(who), np.concatenate(sums), np.concatenate(left), events, churned, paid_days)


def report(portfolio: Portfolio) -> list[str]:
    """Return the report's lines. Raises DoesNotConverge when too few customers left."""
    observed = months(portfolio)
    if observed.churned == 0:
        raise suggest.DoesNotConverge
    # Without a penalty: what is looked for are the true weights, not usable ones.
    fit = suggest.logistic(observed.sums, observed.left, observed.who, penalty=0.0)
    weights, errors = fit.coefficients, fit.errors
    ranked = statistics.auc(churn.hazard(observed.sums), observed.left, observed.who)
    sizes_in_order = bool((np.diff(-np.abs(weights)) > 0).all())  # churn.DRIVERS is in order of size
    signs = bool((np.sign(weights) == np.sign(churn.WEIGHTS)).all())
    return [
        f"{portfolio.customers:,} customers, {portfolio.days} days, seed {portfolio.seed}",
        f"events: {observed.events:,} ({observed.events / portfolio.customers:.0f} a customer)",
        f"churn a year: {observed.churn_a_year:.1%} ({observed.churned:,} customers left)",
        f"customer-months: {len(observed.left):,}, of which {int(observed.left.sum()):,} ended in leaving",
        f"largest correlation of two drivers: {observed.largest_correlation:.3f}",
        f"AUC of the true hazard: {ranked.value:.3f}",
        "",
        f"{'driver':<18}{'true':>9}{'found':>9}{'± s.e.':>9}",
        f"{'intercept':<18}{churn.INTERCEPT:>9.3f}{fit.intercept:>9.3f}",
        *(
            f"{driver.name:<18}{driver.weight:>9.3f}{weight:>9.3f}{error:>9.3f}"
            for driver, weight, error in zip(churn.DRIVERS, weights, errors, strict=True)
        ),
        "",
        f"signs found again: {'yes' if signs else 'no'}; "
        f"order of sizes found again: {'yes' if sizes_in_order else 'no'}",
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m samples.portfolio.check")
    parser.add_argument("--customers", type=int, default=5_000)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        portfolio = Portfolio(options.customers, options.days, options.seed, LAST_DAY)
    except OutOfRange as refusal:
        print(refusal, file=sys.stderr)
        return 2
    try:
        print("\n".join(report(portfolio)))
    except suggest.DoesNotConverge:
        print("Too few customers left to find the weights again: ask for more of them.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
