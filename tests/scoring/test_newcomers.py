"""Who is new: by stage, age and signs, written out by hand; as known on each day; and what being new means."""

from datetime import timedelta

import numpy as np
import pytest

from customers.models import Customer, InputLog
from events.models import DailyCount, EventType
from scoring import engine, overrides
from scoring.inputs import read, several_days
from scoring.inputs.newness import Newness
from scoring.model_versions import assigned, versions
from scoring.models import CurrentScore, HealthBand, ScoreHistory, ScoringModel, Weight
from scoring.runs import history, recompute, run
from scoring.vectorised import BatchEngine
from tests.conftest import NOW
from tests.pages import cast

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
# The starter: new for 3 days on trial, for 14 as an active customer.
# stages: days ago → stage; events: days ago; grave signs: event → days ago
TABLE = {
    "a trial added today": ({0: "trial"}, [], {}, True),
    "a trial of the third day": ({2: "trial"}, [], {}, True),
    "a trial of the fourth day": ({3: "trial"}, [], {}, False),
    "active since today": ({0: "active"}, [], {}, True),
    "active for the fourteenth day": ({13: "active"}, [13, 2], {}, True),
    "active for the fifteenth day": ({14: "active"}, [14, 2], {}, False),
    "added with a past": ({1: "active"}, [200, 1], {}, False),
    "added with a short past": ({1: "active"}, [9, 1], {}, True),
    "whose first event came within its days": ({20: "active"}, [8], {}, True),
    "whose first event came on the last of them": ({26: "active"}, [13], {}, True),
    "whose first event came after them": ({40: "active"}, [5], {}, False),
    "converted from a trial within its days": ({10: "trial", 4: "active"}, [10], {}, True),
    "converted from a long trial": ({30: "trial", 1: "active"}, [30], {}, False),
    "back from churn": ({300: "active", 90: "churned", 5: "active"}, [300], {}, True),
    "back from churn for long": ({300: "active", 90: "churned", 14: "active"}, [300], {}, False),
    "back from the archive": ({300: "active", 90: "archived", 5: "active"}, [300], {}, False),
    "that cancelled": ({2: "active"}, [2], {"Subscription cancelled": 1}, False),
    "whose payment failed": ({2: "active"}, [2], {"Payment failed": 0}, False),
    "whose champion left": ({5: "active"}, [5], {"Champion left": 3}, False),
    "with an escalated ticket": ({5: "active"}, [5], {"Ticket escalated": 3}, True),
    "long known": ({400: "active"}, [380, 1], {}, False),
}


def make(stages, events, signs):
    stage = stages[min(stages)]
    customer = cast.customer("Acme", stage=stage)
    InputLog.objects.filter(customer=customer).delete()
    for ago, name in stages.items():
        InputLog.objects.create(customer=customer, name="stage", known_on=TODAY - timedelta(days=ago), text=name)
    for name, agos in (("Signed in", events), *((sign, [ago]) for sign, ago in signs.items())):
        cast.counted(customer, name, *agos)
    return customer


@pytest.mark.parametrize("case", TABLE)
def test_who_is_new(begun, case):
    stages, events, signs, is_new = TABLE[case]
    customer = make(stages, events, signs)
    run.score(assigned.load(), [customer.pk], now=NOW)
    score = CurrentScore.objects.get(customer=customer)
    assert (score.health_band == HealthBand.NEW) is is_new
    if is_new:
        assert (score.health, score.at_risk) == (None, False)
    history.write_shard(assigned.load(), TODAY, [customer.pk])
    day = ScoreHistory.objects.get(customer=customer, day=TODAY)
    assert (day.health_band, day.at_risk) == (score.health_band, score.at_risk)
    batch_engine = BatchEngine(versions.load(ScoringModel.objects.current()))
    one, _ = several_days.two_days_of_one(
        batch_engine, customer.pk, as_of=TODAY, known_on=TODAY, before=TODAY - timedelta(days=14)
    )
    plain = engine.score(batch_engine.model, one, as_of=TODAY.toordinal(), known_on=TODAY.toordinal())[1]
    assert (plain.band, plain.total) == (score.health_band, score.health)


def test_each_day_is_judged_as_it_was_known_then(begun):
    """Read once for many days, for several, or for one, it says the same of each."""
    customers = [make(*TABLE[case][:3]).pk for case in TABLE]
    kind = EventType.objects.get(name="Signed in")
    late, gone = customers[4], customers[7]
    DailyCount.objects.create(
        customer_id=late, event_type=kind, day=TODAY - timedelta(days=90), known_on=TODAY, count=1, value_sum=0
    )
    for known, count in ((9, 1), (4, -1)):
        DailyCount.objects.create(
            customer_id=gone, event_type=kind, day=TODAY - timedelta(days=60),
            known_on=TODAY - timedelta(days=known), count=count, value_sum=0,
        )  # fmt: skip
    batch_engine = BatchEngine(versions.load(ScoringModel.objects.current()))
    days = [TODAY - timedelta(days=ago) for ago in range(40, -1, -1)]
    many = Newness(batch_engine.model, np.array(sorted(customers)), first=days[0], until=TODAY, known_on=TODAY)
    of_days = dict(recompute.over_days(batch_engine, customers, days[0], TODAY))
    several = dict(several_days.days_as_known_then(batch_engine, customers, days))
    for day in days:
        alone = read.current(batch_engine, customers, as_of=day, known_on=day)
        assert alone.within_new_days.tolist() == many.on(day.toordinal(), day.toordinal()).tolist()
        assert several[day].within_new_days.tolist() == alone.within_new_days.tolist()
        bands = {row.customer: row.health_band for row in recompute.score(batch_engine, alone, day).rows()}
        assert all(bands[row.customer] == row.health_band for row in of_days[day].rows())
    yesterday, place = TODAY - timedelta(days=1), sorted(customers).index(late)
    for as_of, known_on, is_new in ((yesterday, yesterday, True), (yesterday, TODAY, False), (TODAY, yesterday, True)):
        columns = read.current(batch_engine, customers, as_of=as_of, known_on=known_on)
        assert columns.within_new_days[place] == is_new, "its past came to be known today"
    assert not many.on(TODAY.toordinal(), TODAY.toordinal())[place]


def test_a_colleague_who_judges_is_believed(begun, ada):
    customer = make(*TABLE["active since today"][:3])
    overrides.put(customer, health=20, until=TODAY, reason="I know", now=NOW, by=ada)
    run.score(assigned.load(), [customer.pk], now=NOW)
    score = CurrentScore.objects.get(customer=customer)
    assert (score.health_band, score.health, score.at_risk) == (HealthBand.RED, 2_000, True)


def test_without_new_days_nothing_is_read_and_nobody_is_new(begun, django_assert_num_queries):
    model = versions.load(ScoringModel.objects.current())
    model = engine.Model(
        version=1, window=30, weights=model.weights, factors=model.factors, bands=model.bands, least_coverage=40
    )
    customer = make(*TABLE["active since today"][:3])
    with django_assert_num_queries(0):
        newness = Newness(model, np.array([customer.pk]), first=TODAY, until=TODAY, known_on=TODAY)
        assert not newness.on(TODAY.toordinal(), TODAY.toordinal()).any()


def test_the_new_have_a_line_of_their_own_and_are_in_no_list_of_those_at_risk(client, begun, ada):
    customer = make(*TABLE["active since today"][:3])
    run.score(assigned.load(), [customer.pk], now=NOW)
    client.force_login(ada)
    cast.counted(customer, "Report created", 0)
    seen = " ".join(client.get("/customers/?health=new").content.decode().split())
    assert "<bdi>Acme</bdi>" in seen
    of = Weight.objects.filter(model=ScoringModel.objects.current(), is_key_action=True).count()
    assert f"1 of {of} key actions" in seen and of > 2
    assert f"1 of {of} key actions" in " ".join(client.get(f"/customers/{customer.pk}/").content.decode().split())
    assert "<bdi>Acme</bdi>" not in client.get("/customers/?health=red").content.decode()
    assert not Customer.objects.at_risk(TODAY).exists()
