"""A colleague's judgement: set with a reason, shown, over the numbers until its day is over."""

from datetime import timedelta

import pytest

from customers.models import Change
from scoring import overrides
from scoring.explain.explanation import explain
from scoring.models import CurrentScore, Override
from scoring.runs import history, run
from tests.conftest import NOW
from tests.pages import cast

TODAY = NOW.date()


def health(acme, now=NOW):
    run.score_changed(now=now)
    run.score_everyone(now=now)
    score = CurrentScore.objects.get(customer=acme)
    return score.health, score.health_band


def test_it_stands_over_the_numbers_and_ends_by_itself(acme, maya):
    overrides.put(acme, health=80, until=TODAY + timedelta(days=2), reason="They told me", now=NOW, by=maya)
    assert health(acme) == (80_00, "green")
    explained = explain(acme, as_of=TODAY)
    assert (explained.health, explained.overridden) == (80_00, 80_00)
    later = NOW + timedelta(days=3)
    history.close_days(now=later)
    assert health(acme, later) == (None, None)


def test_it_can_be_taken_back_and_leaves_its_traces(acme, maya):
    overrides.put(acme, health=20, until=TODAY, reason="Angry", now=NOW, by=maya)
    overrides.put(acme, health=30, until=TODAY, reason="Less angry", now=NOW, by=maya)
    overrides.take_back(acme, now=NOW, by=maya)
    overrides.take_back(acme, now=NOW, by=maya)
    assert health(acme) == (None, None)
    assert list(Override.objects.order_by("health").values_list("health", "ended_at")) == [(20, NOW), (30, NOW)]
    said = sorted(str(change.fields["health"]) for change in Change.objects.filter(customer=acme))
    assert said == ["[20, 30]", "[30, None]", "[None, 20]"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"reason": "  "}, "why"), ({"health": 101}, "between"), ({"until": TODAY - timedelta(days=1)}, "day within")],
)
def test_what_makes_no_sense_is_refused(acme, maya, wrong, says):
    with pytest.raises(ValueError, match=says):
        overrides.put(acme, **{"health": 50, "until": TODAY, "reason": "So", "now": NOW, "by": maya, **wrong})


def test_two_customers_overrides_do_not_meet(acme, maya):
    other = cast.customer("Other")
    overrides.put(acme, health=80, until=TODAY, reason="Well", now=NOW, by=maya)
    assert overrides.standing(other, TODAY) is None
    assert overrides.standing(acme, TODAY).set_by == maya
    assert overrides.standing(acme, TODAY + timedelta(days=1)) is None
