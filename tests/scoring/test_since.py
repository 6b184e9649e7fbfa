"""Sixty days lived with two publications and a segment's change: since when is what a plain walk over the days says."""

from datetime import timedelta
from random import Random

import pytest
from django.db.models import F

from core.web.charts import sparkline
from customers import lifecycle, segments
from customers.models import Customer
from events import ingest
from scoring.explain import score_history, score_history_chart, trends
from scoring.model_versions import versions
from scoring.models import CurrentScore, Factor, FactorKind, ScoreHistory, ScoringModel, Weight
from scoring.risk.at_risk_since import at_risk_since
from scoring.runs import history, recompute, run
from scoring.vectorised import BatchEngine
from scoring.verify import check
from tests.conftest import NOW
from tests.scoring.test_compared import IN_DANGER

DAYS = 60
PEOPLE = 24
NAMES = ("Report created", "Signed in", "Payment failed", "Meeting held")


def live(source, chance, now):
    """Send a day's events: half of them are busy for 18 days, then the other half."""
    messages = [
        {
            "type": "track", "event": chance.choice(NAMES), "messageId": f"{now.date()}-{who}-{i}", "userId": f"u{who}",
            "context": {"groupId": f"c{who}"}, "timestamp": now.isoformat(),
        }
        for who in range(PEOPLE)
        if ((now.date() - NOW.date()).days // 18 + who) % 2
        for i in range(chance.randrange(3))
    ]  # fmt: skip
    assert not ingest.record(messages, source=source, now=now).reasons


def publish(times, **fields):
    """Publish a version that weighs everything so many times as much, and health by engagement above all."""
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    Weight.objects.filter(model=draft).update(points=F("points") * times, window=20)
    Factor.objects.filter(model=draft, kind=FactorKind.ENGAGEMENT).update(weight=200)
    ScoringModel.objects.filter(pk=draft.pk).update(yellow_from=10, least_coverage=0, **fields)
    versions.publish(ScoringModel.objects.get(pk=draft.pk), now=NOW, by=None)


@pytest.fixture
def lived(source, ada, transactional_db):
    """Live through the days; return the customers, and the instant at which they are over."""
    rows = [{"company_id": f"c{i}", "name": f"Customer {i}", "plan": "free"} for i in range(PEOPLE)]
    customers = sorted(lifecycle.upsert(rows, now=NOW).values())
    gold = segments.save("Gold", {"plan": "gold"}, is_shared=True, by=ada, now=NOW)
    chance = Random(4)
    for n in range(DAYS):
        now = NOW + timedelta(days=n)
        history.close_days(now=now)
        live(source, chance, now)
        if n == 5:
            publish(2, segment=gold)
        elif n == 20:
            publish(1)
        elif n == 41:
            publish(3)
        elif n == 30:
            lifecycle.edit({pk: {"plan": "gold"} for pk in customers[::3]}, now=now, by=ada)
        elif n == 50:
            lifecycle.edit({customers[0]: {"plan": "free"}, customers[1]: {"stage": "churned"}}, now=now, by=ada)
        elif n == 55:
            lifecycle.edit({customers[1]: {"stage": "active"}}, now=now, by=ada)
        run.score_everyone(now=now)
        while run.score_changed(now=now):
            pass
    return customers, NOW + timedelta(days=DAYS)


def walked(customers):
    """Return customer → its days, oldest first, each with whether it was at risk by the version of that day.

    And how often that was for a fall alone, measured against a day that another version had scored.
    """
    first, last = NOW.date(), NOW.date() + timedelta(days=DAYS - 1)
    by_version = {}
    for model in ScoringModel.objects.filter(pk__in=ScoreHistory.objects.values("model").distinct()):
        of_days = recompute.over_days(BatchEngine(versions.load(model)), customers, first, last)
        by_version[model.pk] = {day: {row.customer: row for row in scores.rows()} for day, scores in of_days}
    stored = {(pk, day): version for pk, day, version in ScoreHistory.objects.values_list("customer", "day", "model")}
    days, fallen = {pk: [] for pk in customers}, 0
    for (pk, day), version in sorted(stored.items()):
        of_days = by_version[version]
        now, before = of_days[day][pk], of_days.get(day - timedelta(days=14), {}).get(pk)
        at_risk = now.engagement_band in IN_DANGER if now.health is None else now.health_band == "red"
        if before and None not in (now.health, before.health) and before.health - now.health >= 2_000:
            fallen += not at_risk and stored.get((pk, day - timedelta(days=14)), version) != version
            at_risk = True
        days[pk].append((day, at_risk, version))
    return days, fallen


def first_of_the_run(days, today):
    """Walk back from yesterday, day by day, while the customer was at risk."""
    judged, day = {day: at_risk for day, at_risk, _ in days}, today
    while judged.get(day - timedelta(days=1)):
        day -= timedelta(days=1)
    return day


@pytest.mark.django_db(transaction=True)
def test_since_is_the_first_day_of_the_unbroken_run_and_no_line_joins_versions(lived):
    customers, now = lived
    today = now.date()
    assert len(set(CurrentScore.objects.values_list("model", flat=True))) == 2
    assert len(set(ScoreHistory.objects.values_list("model", flat=True))) == 4
    history.close_days(now=now)
    days, fallen = walked(customers)
    assert fallen > 10
    assert dict(ScoreHistory.objects.filter(customer=customers[2]).values_list("day", "at_risk")) == {
        day: at_risk for day, at_risk, _ in days[customers[2]]
    }
    since = at_risk_since(customers, today=today)
    assert since == {pk: first_of_the_run(days[pk], today) for pk in customers}
    assert len(set(since.values())) > 4
    assert check().differences == 0
    for customer in Customer.objects.select_related("score").filter(pk__in=customers):
        _no_line_joins_versions(customer, today)


def _no_line_joins_versions(customer, today):
    past = score_history.load_history(customer, today=today)
    values = score_history_chart.values_by_day(past, today, "engagement")
    lines = sparkline.lines(values, low=0, high=100, breaks=score_history_chart.changes(past, today))
    by_day = {point.day: point.version for point in past.points if point.engagement is not None}
    assert sum(map(len, lines)) == len(by_day)
    in_order, at = [by_day[day] for day in sorted(by_day)], 0
    for line in lines:
        assert len(set(in_order[at : at + len(line)])) == 1
        at += len(line)
    assert len(set(in_order)) > 1
    trend = trends.load_trends([customer], today=today)[customer.pk]
    lines = sparkline.lines(trend.engagement, low=0, high=100, breaks=trend.changes)
    scored = [(v, e) for v, e in zip(trend.versions, trend.engagement, strict=True) if e is not None]
    assert sum(map(len, lines)) == len(scored)
    at = 0
    for line in lines:
        assert len({version for version, _ in scored[at : at + len(line)]}) == 1
        at += len(line)
