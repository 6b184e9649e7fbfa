"""What-if tells what publishing does: the same customers, the same bands, none more and none fewer."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.jobs import periodic
from core.jobs.leased import MOST_TRIES
from core.models import Run
from customers.models import Customer, Segment
from events.models import EventType
from scoring.model_versions import assigned, versions
from scoring.models import Factor, FactorKind, Prepared, ScoreHistory, ScoringModel, Weight
from scoring.runs import history
from scoring.vectorised import BatchEngine
from scoring.what_if import ask, base, packing, prepare
from scoring.what_if.ask import Try, answer, save_try
from scoring.what_if.base import gather
from scoring.what_if.comparison import NAMES, BandChange
from scoring.what_if.prepare import cache
from scoring.what_if.swap import load_swap
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.scoring import portfolios

DAY = NOW.date() - timedelta(days=1)  # the last closed day of an installation that began on NOW's
BANDS = tuple(NAMES)
TYPES = ("Report created", "Signed in", "Payment failed", "Meeting held", "Order completed", "Feature used")


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def admin(begun):
    return cast.colleague("Ada", Role.ADMIN)


@pytest.fixture
def draft(begun):
    return versions.draft_from(ScoringModel.objects.current(), now=NOW)


def made(customers):
    return portfolios.make(customers, list(EventType.objects.filter(name__in=TYPES).values_list("pk", flat=True)))


def weight(draft, event):
    return Weight.objects.get(model=draft, event_type__name=event)


def set_weight(draft, event, **fields):
    Weight.objects.filter(model=draft, event_type__name=event).update(**fields)


def prepared(draft, admin):
    asked = load_swap(draft, DAY)
    made = prepare.start(asked, now=NOW, by=admin)
    while prepare.work(clock=lambda: NOW):
        pass
    made.refresh_from_db()
    return made


def listed(draft, admin, tried=None):
    """Return customer → (bands before, bands after), of who changes."""
    comparison = answer(draft, tried or Try(), day=DAY, now=NOW, user=admin).comparison
    assert comparison is not None
    places = comparison.changes()
    customers = comparison.judged.customers[places].tolist()
    before, after = (
        zip(*(words(getattr(side, kind)[places], kind) for kind in BANDS), strict=True)
        for side in (comparison.judged.before, comparison.judged.after)
    )
    return {pk: sides for pk, *sides in zip(customers, before, after, strict=True)}


def words(indices, kind):
    return [None if i < 0 else NAMES[kind][i] for i in indices.tolist()]


def published(customers):
    """Score the day with what is published now, and return customer → bands."""
    ScoreHistory.objects.all().delete()
    history.write_shard(assigned.load(), DAY, customers)
    return {pk: bands for pk, *bands in ScoreHistory.objects.filter(day=DAY).values_list("customer", *BANDS)}


def publish_and_compare(draft, customers):
    """Return what publishing the draft changes on the day, by the stored scores before and after."""
    before = published(customers)
    versions.publish(draft, now=NOW, by=None)
    after = published(customers)
    assert before.keys() == after.keys()
    return {
        pk: [tuple(before[pk]), tuple(after[pk])] for pk in before if before[pk] != after[pk]
    }  # fmt: skip


@pytest.mark.django_db
def test_of_10_000_customers_it_lists_exactly_those_whom_publishing_then_changes(draft, admin):
    customers = made(10_000)
    set_weight(draft, "Report created", points=Decimal("4.5"))
    set_weight(draft, "Payment failed", points=Decimal(-12))
    Factor.objects.filter(model=draft, kind=FactorKind.DAYS_SINCE_ACTIVITY).update(weight=55, cap_from=10, cap_to=30)
    ScoringModel.objects.filter(pk=draft.pk).update(yellow_from=45, somewhat_to=65)
    draft.refresh_from_db()
    assert prepared(draft, admin).made_at == NOW
    told = listed(draft, admin)
    assert len(told) > 500
    assert publish_and_compare(draft, customers) == told


@pytest.mark.django_db
def test_it_does_so_when_windows_factors_and_event_types_change(draft, admin):
    customers = made(2_000)
    set_weight(draft, "Signed in", window=90, half_life=30, per_contact=True, daily_cap=2)
    weight(draft, "Payment failed").delete()
    for kind, days, worst, best in (
        (FactorKind.ENGAGEMENT_TREND, 14, -40, 20),
        (FactorKind.NPS, 30, 0, 10),
        (FactorKind.MRR_CHANGE, 30, -20, 10),
        (FactorKind.PURCHASES, 60, 0, 4),
    ):
        draft.factors.filter(kind=kind).delete()
        Factor.objects.create(model=draft, kind=kind, days=days, weight=30, worst=worst, best=best, max_age=40)
    ScoringModel.objects.filter(pk=draft.pk).update(window=45, least_history=60)
    draft.refresh_from_db()
    told = listed(draft, admin)
    assert len(told) > 200
    assert publish_and_compare(draft, customers) == told


@pytest.mark.django_db
def test_a_draft_of_a_segment_changes_its_customers_alone(draft, admin):
    customers = made(900)
    segment = Segment.objects.create(name="Pro", query={"plan": "pro"}, owner=admin, created_at=NOW)
    first = versions.draft_from(draft, now=NOW)
    ScoringModel.objects.filter(pk=first.pk).update(segment=segment, green_from=60)
    versions.publish(first, now=NOW, by=admin)
    other = Segment.objects.create(name="All", query={"plan": "basic"}, owner=admin, created_at=NOW)
    ScoringModel.objects.filter(pk=draft.pk).update(segment=other, green_from=60, precedence=3)
    draft.refresh_from_db()
    told = listed(draft, admin)
    assert told and all(pk_plan == "basic" for pk_plan in plans(told))
    assert publish_and_compare(draft, customers) == told


def plans(told):
    from customers.models import Customer

    return Customer.objects.filter(pk__in=list(told)).values_list("plan", flat=True)


@pytest.mark.django_db
def test_precedence_alone_moves_customers_to_another_version(draft, admin):
    customers = made(600)
    pro = Segment.objects.create(name="Pro", query={"plan": "pro"}, owner=admin, created_at=NOW)
    euro = Segment.objects.create(name="All", query={"stage": "active"}, owner=admin, created_at=NOW)
    for segment, green, precedence in ((pro, 60, 1), (euro, 95, 2)):
        one = versions.draft_from(draft, now=NOW)
        ScoringModel.objects.filter(pk=one.pk).update(segment=segment, green_from=green, precedence=precedence)
        versions.publish(ScoringModel.objects.get(pk=one.pk), now=NOW, by=admin)
    ScoringModel.objects.filter(pk=draft.pk).update(segment=pro, green_from=60, precedence=5)
    draft.refresh_from_db()
    told = listed(draft, admin)
    assert told
    assert publish_and_compare(draft, customers) == told


@pytest.mark.django_db
def test_a_try_tells_what_the_draft_would_once_it_is_saved(draft, admin):
    made(1_000)
    points = weight(draft, "Signed in").event_type_id
    tried = Try(points={points: Decimal(3)}, weights={"engagement": 20}, bounds={"green_from": Decimal(70)})
    told = listed(draft, admin, tried)
    save_try(draft, tried)
    draft.refresh_from_db()
    assert told and listed(draft, admin) == told
    assert weight(draft, "Signed in").points == 3
    assert draft.green_from == 70


@pytest.mark.django_db
def test_before_the_first_publication_everybody_comes_from_unknown(draft, admin):
    made(50)
    current = ScoringModel.objects.current()
    versions.retire(current, now=NOW)
    told = listed(draft, admin)
    assert told and {before for before, _ in told.values()} == {(None, None)}


@pytest.mark.django_db
def test_a_base_packed_and_unpacked_is_judged_the_same(draft, admin):
    customers = made(300)
    set_weight(draft, "Signed in", per_contact=True)
    draft.factors.filter(kind=FactorKind.ENGAGEMENT_TREND).update(days=7, weight=9, worst=-10, best=10)
    asked = load_swap(draft, DAY)
    parts = gather(asked, customers)
    there, back = (base.judge(some, asked.model) for some in (parts, packing.unpack(packing.pack(parts))))
    assert there.customers.tolist() == back.customers.tolist()
    for side in ("before", "after"):
        for one, other in zip(getattr(there, side), getattr(back, side), strict=True):
            assert one.tolist() == other.tolist()


@pytest.mark.django_db
def test_points_weights_and_bands_need_no_new_preparation_windows_do(draft):
    key = load_swap(draft, DAY).key
    set_weight(draft, "Signed in", points=7)
    Factor.objects.filter(model=draft).update(weight=5, worst=1, cap_from=10, cap_to=20, null_rule="worst")
    ScoringModel.objects.filter(pk=draft.pk).update(green_from=80, least_coverage=10, least_history=3)
    draft.refresh_from_db()
    assert load_swap(draft, DAY).key == key
    set_weight(draft, "Signed in", window=31)
    assert load_swap(draft, DAY).key != key
    assert load_swap(draft, DAY - timedelta(days=1)).key != key


@pytest.mark.django_db
def test_a_large_portfolio_waits_until_it_is_prepared(draft, admin, monkeypatch):
    monkeypatch.setattr(ask, "DIRECT", 10)
    made(60)
    assert answer(draft, Try(), day=DAY, now=NOW, user=admin).comparison is None
    waiting = prepare.start(load_swap(draft, DAY), now=NOW, by=admin)
    assert prepare.start(load_swap(draft, DAY), now=NOW, by=admin) == waiting
    assert prepare.progress(waiting) == 0
    assert prepared(draft, admin) == waiting
    assert prepare.progress(waiting) == waiting.shards
    assert answer(draft, Try(), day=DAY, now=NOW, user=admin).comparison is not None


@pytest.mark.django_db
def test_a_worker_that_dies_is_followed_by_another(draft, admin, monkeypatch):
    made(60)
    # Two or three shards, whatever ids earlier tests have used up: with 20 ids each there were thousands.
    monkeypatch.setattr("scoring.runs.shards.SIZE", Customer.objects.earliest("pk").pk + 20)
    waiting = prepare.start(load_swap(draft, DAY), now=NOW, by=admin)
    assert waiting.shards in (2, 3)
    assert periodic.claim(prepare.JOB, now=NOW)  # by a worker that is never heard of again
    while prepare.work(clock=lambda: NOW):
        pass
    assert prepare.progress(waiting) == waiting.shards - 1
    while prepare.work(clock=lambda: NOW + periodic.LEASE + timedelta(seconds=1)):
        pass
    waiting.refresh_from_db()
    assert waiting.made_at


@pytest.mark.django_db
def test_a_base_whose_shard_kills_each_worker_is_given_up_and_others_are_made(draft, admin):
    made(30)
    waiting = prepare.start(load_swap(draft, DAY), now=NOW, by=admin)
    now = NOW
    for _ in range(MOST_TRIES):
        assert periodic.claim(prepare.JOB, now=now)  # by a worker that dies of it
        now += periodic.LEASE + timedelta(seconds=1)
    set_weight(draft, "Signed in", window=31)
    other = prepare.start(load_swap(ScoringModel.objects.get(pk=draft.pk), DAY), now=now, by=admin)
    while prepare.work(clock=lambda: now):
        pass
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert (waiting.failed_at, waiting.made_at) == (now, None)
    assert (other.failed_at, other.made_at) == (None, now)
    assert not Run.objects.filter(job=prepare.JOB, period=waiting.pk, finished_at=None).exists()


@pytest.mark.django_db
def test_a_shard_is_tried_as_often_as_other_jobs_are(draft, admin):
    made(30)
    waiting = prepare.start(load_swap(draft, DAY), now=NOW, by=admin)
    now = NOW
    for _ in range(MOST_TRIES - 1):
        assert periodic.claim(prepare.JOB, now=now)
        now += periodic.LEASE + timedelta(seconds=1)
    assert prepare.work(clock=lambda: now) == waiting.shards
    waiting.refresh_from_db()
    assert (waiting.failed_at, waiting.made_at) == (None, now)


@pytest.mark.django_db
def test_what_is_cancelled_is_gone_and_a_draft_changed_meanwhile_is_not_prepared(draft, admin):
    made(30)
    prepare.cancel(prepare.start(load_swap(draft, DAY), now=NOW, by=admin))
    assert prepare.work(clock=lambda: NOW) == 0
    prepare.start(load_swap(draft, DAY), now=NOW, by=admin)
    set_weight(draft, "Signed in", window=31)
    assert prepare.work(clock=lambda: NOW) == 0
    assert not Prepared.objects.exists()


@pytest.mark.django_db
def test_a_colleague_sees_their_own_customers_alone(draft, admin):
    from customers.models import Customer

    ids = made(200)
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    Customer.objects.filter(pk__in=ids[:50]).update(owner=lou)
    tried = Try(weights={"engagement": 5})
    whole = answer(draft, tried, day=DAY, now=NOW, user=admin).comparison
    part = answer(draft, tried, day=DAY, now=NOW, user=lou).comparison
    assert set(part.judged.customers.tolist()) <= set(ids[:50])
    mine = set(whole.judged.customers[whole.changes(BandChange.ALL, lou.pk)].tolist())
    assert set(part.judged.customers[part.changes()].tolist()) == mine != set()


@pytest.mark.django_db
def test_a_judge_of_other_points_needs_the_same_facts(draft):
    ids = made(100)
    asked = load_swap(draft, DAY)
    model = replace(asked.model.model, version=99)
    assert asked.shares_facts(BatchEngine(model))
    assert gather(asked, ids)


@pytest.mark.django_db
def test_what_is_prepared_is_forgotten_after_a_while(draft, admin):
    made(30)
    prepared(draft, admin)
    assert prepare.find(load_swap(draft, DAY))
    assert prepare.forget_old(now=NOW + prepare.KEPT + timedelta(seconds=1)) == 1
    assert prepare.find(load_swap(draft, DAY)) is None
