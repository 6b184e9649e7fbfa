"""What-if names who becomes at risk and who no longer is: on one day, the list after publishing is exactly that."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.days import ONE_DAY
from customers.models import Customer
from scoring import overrides
from scoring.model_versions import versions
from scoring.models import CurrentScore, ScoreHistory, ScoringModel
from scoring.runs import run
from scoring.runs.compared import LAGS
from scoring.what_if import packing, prepare
from scoring.what_if.ask import Try, answer
from scoring.what_if.base import gather
from scoring.what_if.comparison import BandChange
from scoring.what_if.judged import judge
from scoring.what_if.swap import load_swap
from scoring.what_if.yesterday import at_risk_by_version
from tests.conftest import NOW
from tests.scoring.test_compared import TODAY, draw, portfolio
from tests.scoring.what_if.steps import set_weight
from tests.sizes import sizes

pytestmark = pytest.mark.django_db


def listed():
    run.score_everyone(now=NOW)
    return set(CurrentScore.objects.filter(at_risk=True).values_list("customer", flat=True))


def asked(draft, user, change, tried=None, day=TODAY):
    answered = answer(draft, tried or Try(), day=day, now=NOW, user=user)
    if answered.comparison is None:  # more customers than a page gathers while it waits
        prepare.start(load_swap(draft, day), now=NOW, by=user)
        while prepare.work(clock=lambda: NOW):
            pass
        answered = answer(draft, tried or Try(), day=day, now=NOW, user=user)
    comparison = answered.comparison
    return comparison, set(comparison.judged.customers[comparison.mask(change)].tolist())


@pytest.mark.parametrize("size", sizes((2_000, 5), (10_000, 20)))
def test_the_list_after_publishing_is_what_was_told_before(admin, size):
    number, models = size
    portfolio(number)
    before, came, went = listed(), 0, 0
    for seed in range(models):
        draft = draw(seed)
        comparison, becoming = asked(draft, admin, BandChange.AT_RISK)
        _, leaving = asked(draft, admin, BandChange.NO_LONGER_AT_RISK)
        versions.publish(draft, now=NOW, by=admin)
        after = listed()
        assert (becoming, leaving) == (after - before, before - after)
        worth = Customer.objects.filter(pk__in=becoming).values_list("mrr", flat=True)
        assert comparison.sum_of(BandChange.AT_RISK).value == sum(mrr for mrr in worth if mrr is not None)
        before, came, went = after, came + len(becoming), went + len(leaving)
    assert came > number // 10
    assert went > number // 10


def test_a_draft_that_halves_one_weight_and_doubles_another_tells_who_falls(admin, draft):
    portfolio(2_000)
    before = listed()
    set_weight(draft, "Feature used", points=Decimal("0.5"))
    set_weight(draft, "Signed in", points=Decimal(2))
    _, becoming = asked(draft, admin, BandChange.AT_RISK)
    versions.publish(draft, now=NOW, by=admin)
    assert listed() - before == becoming


def test_what_is_tried_is_judged_with_falls_as_the_saved_draft_is(admin, draft):
    portfolio(600)
    tried = Try(weights={"engagement": 300}, bounds={"yellow_from": Decimal(20)})
    _, told = asked(draft, admin, BandChange.AT_RISK, tried)
    before = listed()
    ScoringModel.objects.filter(pk=draft.pk).update(yellow_from=20)
    draft.factors.filter(kind="engagement").update(weight=300)
    versions.publish(ScoringModel.objects.get(pk=draft.pk), now=NOW, by=admin)
    after = listed()
    assert told == after - before
    fallen = CurrentScore.objects.filter(customer__in=after, health__gte=2_000)
    assert fallen.exists()


def test_who_came_by_what_happened_since_is_told_from_who_came_by_the_version(admin, draft):
    yesterday = TODAY - ONE_DAY
    portfolio(600, lags=(*LAGS, 1))
    ScoringModel.objects.filter(pk=draft.pk).update(yellow_from=70, green_from=85)
    draft.refresh_from_db()
    _, told = asked(draft, admin, BandChange.AT_RISK, day=yesterday)
    before = set(ScoreHistory.objects.filter(day=yesterday, at_risk=True).values_list("customer", flat=True))
    versions.publish(draft, now=NOW, by=admin)
    well = Customer.objects.followed().exclude(pk__in=told | before)[:5]
    for customer in well:
        overrides.put(customer, health=1, until=TODAY, reason="So", now=NOW, by=admin)
    new = listed() - before
    happened = {customer.pk for customer in well}
    assert happened <= new
    found = at_risk_by_version(CurrentScore.objects.filter(customer__in=new), yesterday)
    assert found == new & told
    assert found and not found & happened
    with CaptureQueriesContext(connection) as queries:
        assert at_risk_by_version(CurrentScore.objects.filter(customer__in=new), TODAY) == set()
    assert len(queries) == 2


def test_what_is_packed_judges_the_same(admin, draft):
    customers = portfolio(300)
    swap = load_swap(draft, TODAY)
    parts = gather(swap, customers)
    there, back = (judge(some, swap.model) for some in (parts, packing.unpack(packing.pack(parts))))
    assert (there.at_risk_after == back.at_risk_after).all()
    assert (there.at_risk_before == back.at_risk_before).all()
    assert there.after_earlier.known.any()
