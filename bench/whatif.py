"""What-if over everybody: preparing the base of a draft, then judging it with other weights.

    .venv/bin/python -m bench.whatif [--customers 1000000] [--rows 8]

`bench.score` does the same beside a full pass. `--rows` is the number of daily counts of each customer.
"""

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from bench import score_data
from bench.scratch import database, timed

if TYPE_CHECKING:
    from scoring.what_if.ask import Answer

CHANGE = "what-if, another set of weights: everybody judged again"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=8)
    args = parser.parse_args()
    with database():
        from django.utils import timezone

        times: dict[str, float] = {}
        score_data.make(args.customers, args.rows, times)
        measure(now=timezone.now(), times=times)


def beside_a_pass(seconds: float, *, now: datetime, times: dict[str, float]) -> None:
    """Measure what-if, and say what share of a pass one change costs."""
    measure(now=now, times=times)
    print(f"{times[CHANGE] / seconds:>9.2%} of a pass for another set of weights")


def measure(*, now: datetime, times: dict[str, float]) -> None:
    """Measure what-if over everybody, as of yesterday's close.

    The change is another set of weights: every event type's points, and every factor's weight.
    """
    from datetime import timedelta
    from decimal import Decimal

    from core.days import business_day
    from scoring.model_versions import versions
    from scoring.models import PreparedShard, ScoringModel
    from scoring.vectorised import BatchEngine
    from scoring.what_if import ask, prepare
    from scoring.what_if.ask import Try
    from scoring.what_if.judged import judge
    from scoring.what_if.swap import load_swap
    from staff.models import Role, User

    current = ScoringModel.objects.current()
    assert current is not None
    draft = versions.draft_from(current, now=now)
    asked = load_swap(draft, business_day(now) - timedelta(days=1))
    prepared = prepare.start(asked, now=now, by=None)
    with timed("prepare what-if: the base of everybody", times):
        while prepare.work(clock=lambda: now):
            pass
    sizes = [len(body) for body in PreparedShard.objects.filter(of=prepared).values_list("body", flat=True)]
    with timed("what-if, first look: the base is read", times):
        parts = prepare.load(prepared)
    tried = Try(
        points={weight.event_type: Decimal(weight.points * 3 % 1700 - 400) / 100 for weight in asked.model.weights},
        weights={factor.key: factor.weight % 7 + 3 for factor in asked.model.model.factors},
    )
    with timed(CHANGE, times):
        judged = judge(parts, BatchEngine(tried.on(asked.model.model)))
    with timed("the same again", times):
        judge(parts, BatchEngine(tried.on(asked.model.model)))
    admin = User.objects.create_user("what-if@example.com", None, name="Admin", role=Role.ADMIN)
    for what in ("what-if, a first question by the page", "what-if, another question by the page"):
        with timed(what, times):
            answer = ask.answer(draft, tried, day=asked.day, now=now, user=admin)
            shown_of(answer)
    changed = int((judged.before.health_band != judged.after.health_band).sum())
    print(f"{sum(part.size for part in parts) / 2**20:>9.1f} MB of base, {sum(sizes) / 2**20:.1f} MB stored")
    print(f"{changed:>9,} of {len(judged.customers):,} customers change their health band")


def shown_of(answer: "Answer") -> None:
    """Work out all that the page shows of an answer."""
    from scoring.views.what_if_rows import PAGE, rows
    from scoring.what_if.comparison import NAMES, BandChange
    from scoring.what_if.reasons import explain_changes

    comparison = answer.comparison
    assert comparison is not None
    for which in BandChange:
        comparison.sum_of(which)
    for kind in NAMES:
        comparison.filled(kind)
    comparison.flows("health_band")
    shown = comparison.changes()[:PAGE]
    rows(comparison, shown, explain_changes(answer, shown))


if __name__ == "__main__":
    main()
