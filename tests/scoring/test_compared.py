"""Both sides of every difference are by one version: no fall comes from a change of the model."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.db.models import F, Max
from django.test.utils import CaptureQueriesContext

from customers import lifecycle, segments
from customers.models import Customer
from scoring.inputs import stages
from scoring.model_versions import assigned, versions
from scoring.models import Compared, CurrentScore, Factor, ScoreHistory, ScoringModel, Weight
from scoring.runs import compared, history, recompute, run
from scoring.vectorised import BatchEngine
from tests.conftest import NOW
from tests.scoring import portfolios
from tests.sizes import sizes

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
TYPES = ("Report created", "Signed in", "Payment failed", "Meeting held", "Feature used")
MOST_POINTS = 1_000
IN_DANGER = {"churn_risk", "gone_quiet", "very_disengaged"}
FIELDS = (
    "customer", "model", "at_risk", "health_fall", "engagement_before", "health_before",
    "engagement_change_7", "engagement_change_30", "health_change_7", "health_change_30",
)  # fmt: skip


def portfolio(number, *, lags=compared.LAGS):
    """Make customers with the history that the lags of today ask for."""
    customers = portfolios.make(number, portfolios.types(TYPES))
    for ago in lags:
        history.write_shard(assigned.load(), TODAY - timedelta(days=ago), customers)
    return customers


def draw(seed, **fields):
    """Return a draft of the current version whose numbers are drawn anew."""
    chance = Random(seed)
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    for weight in Weight.objects.filter(model=draft).order_by("event_type__name"):
        factor = Decimal(chance.choice(["0.5", "1", "2", "3.5"]))
        weight.points *= factor if abs(weight.points * factor) <= MOST_POINTS else Decimal("0.01")
        weight.window = chance.choice([None, None, 14, 90])
        weight.half_life = chance.choice([None, 7, 45])
        weight.save()
    for factor in Factor.objects.filter(model=draft).order_by("pk"):
        factor.weight = chance.randrange(1, 90)
        factor.save()
    ScoringModel.objects.filter(pk=draft.pk).update(**{"yellow_from": chance.randrange(35, 60), **fields})
    return ScoringModel.objects.get(pk=draft.pk)


def changed(seed, **fields):
    return versions.publish(draw(seed, **fields), now=NOW, by=None)


def expected(version, customers):
    """Return what the current scores must say, from a whole history recomputed by the version, as a dictionary."""
    batch_engine = BatchEngine(versions.load(version))
    days = [TODAY - timedelta(days=ago) for ago in (*compared.LAGS, 0)]
    scores = {
        (TODAY - day).days: {row.customer: row for row in of_day.rows()}
        for day, of_day in recompute.over_days(batch_engine, customers, min(days), TODAY, only=days)
    }
    return {pk: _judged(pk, scores, version.pk) for pk in scores[0]}


def _judged(pk, scores, version):
    now, before, week, month = (scores[ago].get(pk) for ago in (0, 14, 7, 30))

    def fell(name, then):
        values = [getattr(row, name) if row else None for row in (now, then)]
        return None if None in values else values[0] - values[1]

    fall = fell("health", before)
    if now.health is None:
        at_risk = now.health_band != "new" and now.engagement_band in IN_DANGER
    else:
        at_risk = now.health_band == "red"
    return (
        pk, version, at_risk or (fall is not None and fall <= -2_000), None if fall is None else -fall,
        before and before.engagement, before and before.health,
        fell("engagement", week), fell("engagement", month), fell("health", week), fell("health", month),
    )  # fmt: skip


def stored(customers):
    return {row[0]: row for row in CurrentScore.objects.filter(customer__in=customers).values_list(*FIELDS)}


@pytest.mark.parametrize("size", sizes((2_000, 5), (10_000, 20)))
def test_after_a_publication_falls_and_risk_are_those_of_the_new_version_alone(begun, size):
    number, models = size
    customers = portfolio(number)
    followed = stages.followed_then(customers, TODAY).tolist()
    moved = at_risk = 0
    for seed in range(models):
        version = changed(seed)
        run.score_everyone(now=NOW)
        found, wanted = stored(followed), expected(version, followed)
        assert found == wanted
        at_risk += sum(row[2] for row in found.values())
        moved += sum(row[3] is not None and abs(row[3]) > 500 for row in found.values())
    assert 0 < at_risk < models * len(followed)
    assert moved > number // 5


def test_who_comes_to_another_version_by_a_segment_is_compared_by_it_on_both_sides(begun, ada):
    customers = portfolio(600)
    segment = segments.save("Gold", {"plan": "gold"}, is_shared=True, by=ada, now=NOW)
    everybody = ScoringModel.objects.current()
    own = changed(3, segment=segment)
    run.score_everyone(now=NOW)
    movers = [pk for pk in stages.followed_then(customers, TODAY).tolist() if pk % 2][:50]
    lifecycle.edit({pk: {"plan": "gold"} for pk in movers}, now=NOW, by=ada)
    while run.score_changed(now=NOW):
        pass
    assert stored(movers) == expected(own, movers)
    past = set(ScoreHistory.objects.filter(customer__in=movers).values_list("customer", flat=True))
    assert set(Compared.objects.values_list("customer", "model")) == {(pk, own.pk) for pk in past}
    others = sorted(set(stages.followed_then(customers, TODAY).tolist()) - set(movers))
    assert stored(others) == expected(everybody, others)


def test_a_past_day_is_judged_once_for_a_version_and_not_at_all_for_its_own(begun):
    customers = portfolio(20)
    run.score_everyone(now=NOW)
    assert not Compared.objects.exists()
    changed(1)
    run.score_everyone(now=NOW)
    rows = Compared.objects.count()
    assert rows == ScoreHistory.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as first:
        run.score(assigned.load(), customers[:5], now=NOW)
    assert Compared.objects.count() == rows
    assert not [query for query in first if "INSERT INTO scoring_compared" in query["sql"]]


def test_a_day_on_which_somebody_was_not_followed_stays_unknown(begun):
    customers = portfolio(20)
    left = customers[3]
    ScoreHistory.objects.filter(customer=left, day=TODAY - timedelta(days=14)).delete()
    changed(1)
    run.score_everyone(now=NOW)
    score = CurrentScore.objects.get(customer=left)
    assert (score.health_before, score.health_fall) == (None, None)


def test_a_past_written_again_is_compared_again(begun):
    customers = portfolio(20)
    changed(1)
    run.score_everyone(now=NOW)
    day = TODAY - timedelta(days=14)
    Compared.objects.update(health=1)
    compared.forget(customers[:10], day, day)
    run.score(assigned.load(), customers, now=NOW)
    wrong = set(CurrentScore.objects.filter(health_before=1).values_list("customer", flat=True))
    assert wrong and wrong <= set(customers[10:])


def test_what_no_lag_reaches_is_forgotten(begun):
    portfolio(20)
    changed(1)
    run.score_everyone(now=NOW)
    oldest = Compared.objects.aggregate(last=Max("day"))["last"]
    assert compared.forget_old(now=NOW) == 0
    Compared.objects.filter(day=oldest).update(day=F("day") - timedelta(days=30))
    assert compared.forget_old(now=NOW) > 0
    assert not Compared.objects.filter(day__lt=TODAY - timedelta(days=31)).exists()


def test_of_a_customer_nobody_scores_nothing_is_compared(begun):
    customers = portfolio(20)
    Customer.objects.filter(pk=customers[0]).update(stage="churned", churned_on=TODAY)
    changed(1)
    run.score_everyone(now=NOW)
    assert not Compared.objects.filter(customer=customers[0]).exists()
