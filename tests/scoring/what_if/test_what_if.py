"""What-if tells what publishing does: the same customers, the same bands, none more and none fewer."""

from dataclasses import replace
from decimal import Decimal

import pytest

from customers.models import Customer, Segment
from scoring.model_versions import versions
from scoring.models import Factor, FactorKind, ScoringModel
from scoring.vectorised import BatchEngine
from scoring.what_if import judged, packing
from scoring.what_if.ask import Try, answer, save_try
from scoring.what_if.base import gather
from scoring.what_if.comparison import BandChange
from scoring.what_if.swap import load_swap
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.scoring.what_if.steps import (
    DAY,
    listed,
    made,
    prepared,
    publish_and_compare,
    set_weight,
    weight,
)


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
    there, back = (judged.judge(some, asked.model) for some in (parts, packing.unpack(packing.pack(parts))))
    assert there.customers.tolist() == back.customers.tolist()
    for side in ("before", "after"):
        for one, other in zip(getattr(there, side), getattr(back, side), strict=True):
            assert one.tolist() == other.tolist()


@pytest.mark.django_db
def test_a_colleague_sees_their_own_customers_alone(draft, admin):

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
