"""A segment with a model of its own asks neither for scores nor for what they are made of."""

import pytest

from customers import segments
from customers.models import Segment
from customers.segments import rule
from scoring.model_versions import assigned, versions
from scoring.models import ScoringModel, Status
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

pytestmark = pytest.mark.django_db

FIELDS = {"kind": "tag", "parameters": {"has": "yes", "tag": "vip"}}
CONTRACTS = {"kind": "contract", "parameters": {"how": "running"}}
SCORES = {"kind": "score", "parameters": {"measure": "health", "how": "at_most", "value": "50"}}
EVENTS = {"kind": "event", "parameters": {"event": "Signed in", "how": "never"}}


def segment_of(*conditions):
    lead = cast.colleague("Lou", Role.LEAD)
    return segments.save("S", {"rule": rule.as_text({"any": [*conditions]})}, by=lead, is_shared=True, now=NOW)


def test_fields_and_contracts_may_choose_a_model(begun):
    assert segments.asks_for_scores(segment_of(FIELDS, CONTRACTS)) == []


@pytest.mark.parametrize(("condition", "kind"), [(SCORES, "score"), (EVENTS, "event")])
def test_scores_and_events_may_not(begun, condition, kind):
    segment = segment_of(FIELDS, {"all": [condition]})
    assert segments.asks_for_scores(segment) == [kind]
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    ScoringModel.objects.filter(pk=draft.pk).update(segment=segment)
    draft.refresh_from_db()
    with pytest.raises(versions.CannotPublish, match=kind):
        versions.refuse_unfit(draft)


def test_one_that_came_to_ask_for_scores_chooses_nobody_any_more(begun):
    segment = segment_of(FIELDS)
    model = ScoringModel(segment=segment, status=Status.PUBLISHED)
    assert assigned.choosing([model]) == [model]
    segments.change(segment, query={"rule": rule.as_text({"all": [SCORES]})}, now=NOW)
    model.segment = Segment.objects.get()
    assert assigned.choosing([model]) == []
