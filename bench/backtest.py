"""What the back-test finds on the samples, whose truth is known; exit 1 when it does not find it.

    .venv/bin/python -m bench.backtest [--customers 5000] [--seeds 1 2 3]     the portfolio (a load takes minutes)
    .venv/bin/python -m bench.backtest --online-retail
    .venv/bin/python -m bench.backtest --here                                 of what DATABASE_URL holds, loaded before

On the portfolio: the weights customers leave by, suggested again with all signs and sizes in order (Spearman's rank
correlation of sizes 0.95 or more), and their lead over the starter model and the plain rules, with intervals above 0.
On Online Retail: the AUCs of docs/develop/samples.md, and the lead of a half-life of 180 days over one of 30.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bench.scratch import database, timed

if TYPE_CHECKING:
    from scoring.backtest.outcomes import Outcome
    from scoring.models import BackTest, ScoringModel

LEAST_RANK_CORRELATION = 0.95
RETAIL_CUSTOMERS = 3_362
RETAIL_AUCS = {180: 0.735, 30: 0.702}
RETAIL_CLOSE = 0.005

Check = tuple[str, bool]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=5_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--online-retail", action="store_true")
    parser.add_argument("--here", action="store_true", help="the sample is loaded already; leaves a draft behind")
    args = parser.parse_args()
    if args.here:
        import os

        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
        django.setup()
        return _said(online_retail() if args.online_retail else portfolio())
    failed = 0
    for seed in [None] if args.online_retail else args.seeds:
        with database():
            from django.core.management import call_command

            with timed("load the sample", {}):
                if seed is None:
                    call_command("load_sample", "online-retail", stdout=sys.stderr)
                else:
                    size = [f"--customers={args.customers}", f"--seed={seed}"]
                    call_command("load_sample", "portfolio", *size, stdout=sys.stderr)
            failed |= _said(online_retail() if seed is None else portfolio())
    return failed


def _said(checks: Iterator[Check]) -> int:
    failed = 0
    for what, holds in checks:
        print(f"{'  yes' if holds else '!  no'}  {what}", flush=True)
        failed |= not holds
    return failed


def portfolio() -> Iterator[Check]:
    """Hold the true weights against the past, and what is suggested against the truth."""
    from django.utils import timezone

    from events.models import Source
    from samples import versions
    from scoring.backtest.outcomes import Kind, Outcome

    now = timezone.now()
    source = Source.objects.get(name__startswith="Sample: portfolio")
    days = versions.decision_days(source.created_at.date())
    found = _tested(versions.truth(now), Outcome(Kind.CHURNED, 30), days)
    if found["refused"]:
        yield f"refused with the reason: {found['refused']}, {found['outcomes']} outcomes on the days that judge", True
        return
    yield from _leads(found)
    yield from _suggested(found["suggestion"])


def _leads(found: dict[str, Any]) -> Iterator[Check]:
    for one in found["contenders"]:
        if one["who"] in ("current", "current_other", "rule_quiet", "rule_events"):
            value, low, high = one["lead"]
            yield f"true weights lead {one['who']:<14} by {value:.3f} ({low:.3f} to {high:.3f})", low > 0


def _suggested(found: dict[str, Any]) -> Iterator[Check]:
    import numpy as np

    from samples.portfolio import churn

    points = {one["name"]: one["points"] for one in found["weights"]}
    suggested = np.array([points[driver.name] for driver in churn.DRIVERS])
    for driver, number in zip(churn.DRIVERS, suggested, strict=True):
        print(f"       {driver.name:<18}{-100 * driver.weight:>9.2f} true{number:>9.2f} suggested")
    yield "suggested weights have all true signs", bool((np.sign(suggested) == -np.sign(churn.WEIGHTS)).all())
    ranks = [np.argsort(np.argsort(np.abs(sizes))) for sizes in (churn.WEIGHTS, suggested)]
    correlation = float(np.corrcoef(ranks[0], ranks[1])[0, 1])
    yield f"rank correlation of sizes {correlation:.3f}", correlation >= LEAST_RANK_CORRELATION
    print(f"       suggested half-life {found['half_life']} days, true {churn.HALF_LIFE}")


def online_retail() -> Iterator[Check]:
    from django.utils import timezone

    from samples import versions
    from scoring.backtest.outcomes import Kind, Outcome

    outcome = Outcome(Kind.QUIET, versions.RETAIL_HORIZON, versions.RETAIL_HORIZON)
    found = _tested(versions.orders(timezone.now(), 30), outcome, list(versions.RETAIL_DAYS))
    yield f"{found['rows']:,} customers", found["rows"] == RETAIL_CUSTOMERS
    by_half_life = {one["half_life"]: one for one in found["half_lives"]}
    for half_life, expected in RETAIL_AUCS.items():
        value = by_half_life[half_life]["auc"][0]
        yield f"half-life {half_life}: AUC {value:.4f}", abs(value - expected) <= RETAIL_CLOSE
    value, low, high = by_half_life[180]["lead"]
    yield f"180 days lead 30 by {value:.4f} ({low:.4f} to {high:.4f})", low > 0


def _tested(model: "ScoringModel", outcome: "Outcome", days: list[Any]) -> dict[str, Any]:
    from django.utils import timezone

    from scoring.backtest import lifecycle, work

    job: BackTest = lifecycle.start(model, outcome, days, judged="engagement", calls=100, now=timezone.now(), by=None)
    start = time.perf_counter()
    work.whole(job, clock=timezone.now, after_step=lambda job: None)
    assert job.state == "done", f"{job.state}: {job.problem}"
    print(f"{time.perf_counter() - start:>9.2f} s  back-test", flush=True)
    return dict(job.result)


if __name__ == "__main__":
    sys.exit(main())
