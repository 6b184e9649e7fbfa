"""What events mean: names, channels, what counts as an activity, and which are not weighed yet."""

import pytest

from customers.models import Segment
from events import ingest
from events.models import EventType
from scoring.model_versions import versions
from scoring.models import ScoringModel
from tests.admin.browsing import as_it_stands, seen
from tests.conftest import NOW

LIST = "/admin/events/eventtype/"


@pytest.fixture
def dance(source):
    """An event type that registered itself: the website sent one."""
    ingest.record([{"type": "track", "event": "Dance", "userId": "ann", "messageId": "1"}], source=source, now=NOW)
    return EventType.objects.get(name="Dance")


def url(kind, action="change"):
    return f"{LIST}{kind.pk}/{action}/"


def test_the_list_says_what_each_type_is_worth_now(desk):
    row = next(kind for kind in desk.get(LIST).context["cl"].result_list if kind.name == "Meeting held")
    assert row.points_now == 8
    assert "8.00" in seen(desk.get(LIST, {"q": "Meeting held"}))


def test_a_segments_published_model_beside_it_changes_nothing_in_the_list(desk, ada):
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    draft.segment = Segment.objects.create(name="Pro", query={"plan": "pro"}, owner=ada, created_at=NOW)
    draft.save()
    draft.weights.filter(event_type__name="Meeting held").update(points=20)
    versions.publish(draft, now=NOW, by=ada)
    page = desk.get(LIST)
    row = next(kind for kind in page.context["cl"].result_list if kind.name == "Meeting held")
    assert (page.status_code, row.points_now) == (200, 8), "what it is worth to everybody without a model of their own"


def test_a_type_that_registered_itself_says_from_where_and_that_it_is_not_weighed(desk, dance):
    page = seen(desk.get(LIST, {"q": "dance"}))
    assert "Dance Web" in page
    assert "not weighed yet Website" in page


def test_types_not_weighed_yet_can_be_listed_alone(desk, dance):
    found = desk.get(LIST, {"weighed": "no"}).context["cl"].result_list
    assert [kind.name for kind in found] == ["Dance"]
    assert "Dance" not in [kind.name for kind in desk.get(LIST, {"weighed": "yes"}).context["cl"].result_list]


def test_a_name_cannot_be_changed_once_events_come_in_under_it(desk, dance):
    page = desk.get(url(dance))
    assert "name" not in page.context["adminform"].form.fields
    desk.post(url(dance), {**as_it_stands(page), "name": "Waltz", "channel": "social"})
    dance.refresh_from_db()
    assert (dance.name, dance.channel) == ("Dance", "social")


def test_a_type_can_be_announced_before_its_first_event(desk):
    desk.post(f"{LIST}add/", {"name": "Booth visited", "channel": "in-person", "is_activity": "on"})
    kind = EventType.objects.get(name="Booth visited")
    assert (kind.created_at, kind.source) == (NOW, None)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"name": "Meeting held"}, "already exists"),
        ({"unit": "0"}, "The unit must be above 0."),
        ({"unit": "a"}, "Enter a number"),
        ({"channel": "pigeon"}, "Select a valid choice"),
        ({"name": "a\0b"}, "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form(desk, wrong, error):
    page = seen(desk.post(f"{LIST}add/", {"name": "Booth visited", "channel": "web", **wrong}))
    assert error in page


def test_a_weighed_type_cannot_be_deleted(desk):
    kind = EventType.objects.get(name="Meeting held")
    assert "would require deleting the following protected related objects" in seen(desk.get(url(kind, "delete")))
    desk.post(url(kind, "delete"), {"post": "yes"})
    assert EventType.objects.filter(pk=kind.pk).exists()


def test_a_type_with_events_cannot_be_deleted(desk, dance):
    assert "the events of “Dance”" in seen(desk.get(url(dance, "delete")))
    desk.post(url(dance, "delete"), {"post": "yes"})
    assert EventType.objects.filter(pk=dance.pk).exists()


def test_nor_together_with_others(desk, dance):
    other = EventType.objects.create(name="Booth visited", channel="web", created_at=NOW)
    sent = {"action": "delete_selected", "_selected_action": [dance.pk, other.pk], "post": "yes"}
    desk.post(LIST, sent)
    assert EventType.objects.filter(pk__in=[dance.pk, other.pk]).count() == 2


def test_a_type_nobody_used_can_be_deleted(desk):
    kind = EventType.objects.create(name="Booth visited", channel="web", created_at=NOW)
    desk.post(url(kind, "delete"), {"post": "yes"})
    assert not EventType.objects.filter(pk=kind.pk).exists()
