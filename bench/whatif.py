"""What-if beside a full pass: preparing the base of a draft, then judging it with other weights (`bench.score`)."""

from datetime import datetime
from typing import TYPE_CHECKING

from bench.scratch import timed

if TYPE_CHECKING:
    from scoring.whatif.ask import Answer


def beside_a_pass(seconds: float, *, now: datetime, times: dict[str, float]) -> float:
    """Measure what-if over everybody, as of yesterday's close; return the share of a pass that one change costs.

    The change is another set of weights: every event type's points, and every factor's weight.
    """
    from datetime import timedelta
    from decimal import Decimal

    from core.days import utc_day
    from scoring import versions
    from scoring.columns import Arithmetic
    from scoring.models import PreparedShard, ScoringModel
    from scoring.whatif import ask, prepare, swap
    from scoring.whatif.judging import judge
    from scoring.whatif.trying import Try
    from staff.models import Role, User

    current = ScoringModel.objects.current()
    assert current is not None
    draft = versions.draft_from(current, now=now)
    asked = swap.of(draft, utc_day(now) - timedelta(days=1))
    prepared = prepare.ask(asked, now=now, by=None)
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
    with timed("what-if, another set of weights: everybody judged again", times):
        judged = judge(parts, Arithmetic(tried.on(asked.model.model)))
    with timed("the same again", times):
        judge(parts, Arithmetic(tried.on(asked.model.model)))
    admin = User.objects.create_user("what-if@example.com", None, name="Admin", role=Role.ADMIN)
    for what in ("what-if, a first question by the page", "what-if, another question by the page"):
        with timed(what, times):
            answer = ask.answer(draft, tried, day=asked.day, now=now, user=admin)
            shown_of(answer)
    share = times["what-if, another set of weights: everybody judged again"] / seconds
    changed = int((judged.before.health_band != judged.after.health_band).sum())
    print(f"{sum(part.size for part in parts) / 2**20:>9.1f} MB of base, {sum(sizes) / 2**20:.1f} MB stored")
    print(f"{changed:>9,} of {len(judged.customers):,} customers change their health band")
    print(f"{share:>9.2%} of a pass for another set of weights")
    return share


def shown_of(answer: "Answer") -> None:
    """Work out all that the page shows of an answer."""
    from scoring.views.what_if_rows import PAGE, rows
    from scoring.whatif import reasons
    from scoring.whatif.outcome import NAMES, Which

    outcome = answer.outcome
    assert outcome is not None
    for which in Which:
        outcome.sum_of(which)
    for kind in NAMES:
        outcome.filled(kind)
    outcome.flows("health_band")
    shown = outcome.changes()[:PAGE]
    rows(outcome, shown, reasons.of(answer, shown))
