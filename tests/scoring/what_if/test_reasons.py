"""Who changes band is told why, in parts that add up to what the scores say."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers.models import Segment
from scoring.model_versions import versions
from scoring.models import Factor, FactorKind, ScoringModel, Weight
from scoring.what_if.ask import Try, answer
from scoring.what_if.prepare import cache
from scoring.what_if.reasons import explain_changes
from tests.conftest import NOW
from tests.scoring import portfolios

DAY = NOW.date() - timedelta(days=1)
TYPES = ("Report created", "Signed in", "Payment failed")


@pytest.fixture
def draft(begun):
    cache.clear()
    portfolios.make(150, portfolios.types(TYPES))
    yield versions.draft_from(ScoringModel.objects.current(), now=NOW)
    cache.clear()


def told(draft, ada, tried=None):
    """Return each customer who changes, with its place, beside why."""
    asked = answer(draft, tried or Try(), day=DAY, now=NOW, user=ada)
    places = asked.comparison.changes()
    why = explain_changes(asked, places)
    return asked.comparison.judged, [
        (place, why[asked.comparison.judged.customers[place]]) for place in places.tolist()
    ]


def add_up(judged, found):
    """Check every customer against the scores that were judged on columns; return how many had a known health."""

    def difference(name, place):
        return int(getattr(judged.after, name)[place]) - int(getattr(judged.before, name)[place])

    known = [(place, why) for place, why in found if why.health_difference is not None]
    for place, why in found:
        assert sum(line.difference for line in why.lines) == difference("engagement", place)
    for place, why in known:
        assert sum(factor.difference for factor in why.factors) == difference("health", place)
    return len(known)


def test_the_parts_add_up_to_the_difference_of_each_score(draft, ada):
    Weight.objects.filter(model=draft, event_type__name="Report created").update(points=Decimal("4.5"))
    Factor.objects.filter(model=draft, kind=FactorKind.DAYS_SINCE_ACTIVITY).update(weight=55, cap_from=10, cap_to=30)
    judged, found = told(draft, ada)
    assert add_up(judged, found) > 20


def test_they_do_when_windows_and_factors_come_and_go(draft, ada):
    Weight.objects.filter(model=draft, event_type__name="Signed in").update(window=90, half_life=30)
    Weight.objects.filter(model=draft, event_type__name="Payment failed").delete()
    draft.factors.filter(kind=FactorKind.NPS).delete()
    Factor.objects.create(model=draft, kind=FactorKind.PURCHASES, days=60, weight=30, worst=0, best=4, max_age=40)
    judged, found = told(draft, ada)
    assert add_up(judged, found) > 20
    assert {line.name for _, why in found for line in why.lines} >= {"Payment failed"}


def test_they_do_for_a_try_and_where_a_segment_has_its_own_model(draft, ada):
    segment = Segment.objects.create(name="Pro", query={"plan": "pro"}, owner=ada, created_at=NOW)
    own = versions.draft_from(draft, now=NOW)
    ScoringModel.objects.filter(pk=own.pk).update(segment=segment, green_from=60)
    own.refresh_from_db()
    judged, found = told(own, ada, Try(weights={"engagement": 5}))
    assert add_up(judged, found) > 5


def test_before_the_first_publication_every_contribution_is_new(draft, ada):
    versions.retire(ScoringModel.objects.current(), now=NOW)
    _, found = told(draft, ada)
    assert found
    assert all(line.before == 0 for _, why in found for line in why.lines)
