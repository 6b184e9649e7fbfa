"""Both samples, loaded once by the commands a newcomer uses: ranked against real churn, verified, tampered with.

Every run loads one in six of the shop's customers and 60 of the portfolio's, `make test-long` all of them. What the
shop's figures must be is computed from its file by `samples.online_retail.check`, which knows nothing of the product.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from core import days
from customers.models import Customer, Identity, InputLog
from events.models import DailyCount, Event, EventType, Source
from samples import versions
from samples.online_retail import check as shop
from samples.online_retail import invoices
from scoring import engine
from scoring.backtest import lifecycle, statistics, work
from scoring.backtest.outcomes import Kind, Outcome
from scoring.inputs import read
from scoring.models import CurrentScore, ScoreHistory
from scoring.runs import recompute
from scoring.vectorised import BatchEngine
from scoring.verify import check
from staff.models import Role
from tests.pages import cast
from tests.sizes import sizes
from tests.whole.told import contradictions

CLOSE = date(2011, 9, 8)
END = date(2011, 12, 8)


@dataclass(frozen=True)
class Size:
    customers: int  # of the portfolio
    one_in: int  # of so many of the shop's customers
    events: int  # of the shop, at least


@dataclass
class Loaded:
    size: Size
    invoices: list[invoices.Invoice]  # those of the shop that were loaded
    days: tuple[date, date]  # the days of the loading's beginning and end: two when midnight passed


@pytest.fixture(
    scope="module", params=sizes(Size(60, 6, 3_000), Size(400, 1, 20_000)), ids=lambda size: str(size.customers)
)
def samples(request, django_db_setup, django_db_blocker):
    size = request.param
    read = [invoice for invoice in invoices.read() if int(invoice.customer or 0) % size.one_in == 0]
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(invoices, "read", lambda: iter(read))
        assert connection.settings_dict["NAME"].startswith("test_")
        began = days.business_day(timezone.now())
        call_command("prepare")
        call_command("load_sample", "online-retail")
        call_command("load_sample", "portfolio", customers=size.customers)
        yield Loaded(size, read, (began, days.business_day(timezone.now())))
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def loaded(samples, django_db_blocker):
    with django_db_blocker.unblock():
        yield samples


def one_weight(half_life):
    """Every uncancelled invoice 10 points, window 365 days."""
    orders = EventType.objects.get(name="Order completed")
    decay = tuple(engine.decay_table(365, half_life))
    weight = engine.Weight(orders.pk, 10_00, 100_000, decay)
    bands = engine.Bands(0, 40_00, 70_00, 100_00, 50_00, 75_00)
    return BatchEngine(engine.Model(1, 365, (weight,), (engine.Factor("engagement", 1, 0, 100_00),), bands, 40))


def ordered(first, last):
    orders = DailyCount.objects.filter(event_type__name="Order completed", day__range=(first, last))
    return set(orders.values_list("customer", flat=True))


@pytest.mark.parametrize("half_life", shop.HALF_LIVES)
def test_a_low_score_finds_the_customers_who_order_nothing_for_a_quarter(loaded, half_life):
    customers = sorted(ordered(date(2010, 12, 1), CLOSE))
    number, lapsed, expected = shop.lapse(shop.orders(loaded.invoices), half_life)
    assert len(customers) == number > 500
    batch_engine = one_weight(half_life)
    columns = read.current(batch_engine, customers, as_of=CLOSE, known_on=CLOSE)
    scores = recompute.score(batch_engine, columns, CLOSE)
    came_back = ordered(date(2011, 9, 9), END)
    gone = np.array([customer not in came_back for customer in scores.customers.tolist()])
    ranked = statistics.auc(-scores.engagement, gone, scores.customers)
    assert gone.sum() == lapsed
    assert ranked.value == pytest.approx(expected, abs=0.005)


def test_every_count_and_score_of_both_samples_is_what_the_log_says(loaded):
    report = check()
    assert report.unexplained == []
    assert report.differences == 0
    assert not report.pending
    assert report.compared["daily counts"] == DailyCount.objects.count()
    assert report.compared["days of history"] == ScoreHistory.objects.count()
    assert report.compared["current scores"] == CurrentScore.objects.count()
    size = loaded.size
    for sample, at_least in (("Sample: Online Retail", size.events), ("Sample: portfolio", 125 * size.customers)):
        assert Event.objects.filter(source__name=sample).count() > at_least


def test_the_past_of_both_samples_can_be_read(loaded):
    retail = Identity.objects.get(kind="company", value="17850").customer_id
    first, last = ScoreHistory.objects.filter(customer=retail).order_by("day").values_list("day", flat=True)[::372][:2]
    assert (first, last.year) == (date(2010, 12, 1), 2011)
    latest = ScoreHistory.objects.order_by("-day").values_list("day", flat=True).first()
    assert latest + days.ONE_DAY in loaded.days


def test_no_suggestion_and_no_reason_contradicts_the_facts_of_its_page(loaded):
    with transaction.atomic():
        followed = Customer.objects.followed().order_by("kind", "pk").values_list("pk", flat=True)
        shown = followed[: loaded.size.customers * 4 // 3]  # all companies, and some of the shop's customers
        found, told = contradictions(shown, cast.colleague("Vera", Role.ADMIN), timezone.now())
        transaction.set_rollback(True)
    assert found == []
    assert told > loaded.size.customers


class Undone(Exception):
    """Takes the tampering back."""


def test_a_tampered_count_a_tampered_score_and_a_deleted_event_are_each_found(loaded):
    count = DailyCount.objects.filter(count=1).order_by("customer", "day").first()
    score = CurrentScore.objects.exclude(engagement=None).order_by("-customer").first()
    history = ScoreHistory.objects.exclude(engagement=None).order_by("customer", "day")[500]
    event = Event.objects.order_by("customer", "occurred_at")[5_000]
    tamper(count, score, history, event)
    try:
        found = "\n".join(str(difference) for difference in check().unexplained)
    finally:
        mend(count, score, history, event)
    assert f"Daily count of customer {count.customer_id}, event type {count.event_type_id}, {count.day}" in found
    assert f"Current score of customer {score.pk} on {score.as_of}: stored engagement {score.engagement + 1}" in found
    assert f"History of customer {history.customer_id} on {history.day}: stored health" in found
    assert f"Daily count of customer {event.customer_id}, event type {event.event_type_id}" in found


@transaction.atomic
def tamper(count, score, history, event):
    DailyCount.objects.filter(pk=count.pk).update(count=2)
    CurrentScore.objects.filter(pk=score.pk).update(engagement=score.engagement + 1)
    ScoreHistory.objects.filter(pk=history.pk).update(health=5, health_band="red")
    Event.objects.filter(pk=event.pk).delete()


@transaction.atomic
def mend(count, score, history, event):
    DailyCount.objects.filter(pk=count.pk).update(count=1)
    CurrentScore.objects.filter(pk=score.pk).update(engagement=score.engagement)
    ScoreHistory.objects.filter(pk=history.pk).update(health=history.health, health_band=history.health_band)
    event.save(force_insert=True)


@pytest.mark.django_db  # makes pytest-django set up the test database, also when this file runs alone
def test_provisional_customers_are_in_no_list(loaded):
    assert not Customer.objects.at_risk(timezone.now().date()).filter(provisional=True).exists()
    assert not CurrentScore.objects.filter(customer__provisional=True).exists()


def back_test(model, outcome, days, **options):
    job = lifecycle.start(model, outcome, days, judged="engagement", calls=20, now=timezone.now(), by=None, **options)
    work.whole(job, clock=timezone.now, after_step=lambda job: None)
    assert job.state == "done"
    return job.result


@pytest.mark.django_db
def test_a_back_test_finds_that_orders_are_better_remembered_for_half_a_year_than_for_a_month(loaded):
    quarter = Outcome(Kind.QUIET, versions.RETAIL_HORIZON, versions.RETAIL_HORIZON)
    found = back_test(versions.orders(timezone.now(), 30), quarter, versions.RETAIL_DAYS)
    by_half_life = {one["half_life"]: one for one in found["half_lives"]}
    for half_life in shop.HALF_LIVES:
        *numbers, expected = shop.lapse(shop.orders(loaded.invoices), half_life)
        assert [found["rows"], found["outcomes"]] == numbers
        assert by_half_life[half_life]["auc"][0] == pytest.approx(expected, abs=0.005)
    assert by_half_life[180]["lead"][1] > 0


@pytest.mark.django_db
def test_a_back_test_says_nothing_of_the_portfolio_because_too_few_of_them_left(loaded):
    source = Source.objects.get(name="Sample: portfolio")
    days = versions.decision_days(source.created_at.date())
    found = back_test(versions.truth(timezone.now()), Outcome(Kind.CHURNED, 30), days)
    assert found["refused"] == "few" and 0 < found["outcomes"] < 50
    assert found["suggestion"] == {"refused": "not judged"}
    # What is told all the same is right: who is logged as churned within 30 days of a day that judges.
    judging = [date.fromisoformat(one["day"]) for one in found["days"] if one["role"] == "judge"]
    left = InputLog.objects.filter(name="stage", text="churned")
    spans = [left.filter(known_on__gt=day, known_on__lte=day + timedelta(days=30)) for day in judging]
    assert found["outcomes"] == len({row.customer_id for span in spans for row in span})
