"""What events mean: names, channels, what counts as an activity, and which are not weighed yet."""

import pytest

from customers.models import Segment
from events import ingest
from events.corrections import work
from events.models import Correction, EventType
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
    assert {kind.name for kind in found} == {"Dance"}
    assert "Dance" not in [kind.name for kind in desk.get(LIST, {"weighed": "yes"}).context["cl"].result_list]


def test_a_name_cannot_be_changed_once_events_come_in_under_it(desk, dance):
    page = desk.get(url(dance))
    assert "name" not in page.context["adminform"].form.fields
    desk.post(url(dance), {**as_it_stands(page), "name": "Waltz", "is_key_action": "on"})
    dance.refresh_from_db()
    assert (dance.name, dance.is_key_action) == ("Dance", True)


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


def test_a_change_of_stored_events_meaning_is_only_asked_for(desk, dance):
    response = desk.post(url(dance), {**as_it_stands(desk.get(url(dance))), "channel": "social", "is_key_action": "on"})
    job = Correction.objects.get()
    assert response["Location"] == f"/corrections/{job.pk}/"
    dance.refresh_from_db()
    assert (dance.channel, dance.is_key_action) == ("web", True), "what rewrites nothing is saved at once"
    assert job.changes == {"channel": ["web", "social"]}
    work.go_on(clock=lambda: NOW)
    page = seen(desk.get(f"/corrections/{job.pk}/"))
    assert "Change “Dance”" in page
    assert "Web → Social media" in page
    desk.post(f"/corrections/{job.pk}/carry-out/")
    work.go_on(clock=lambda: NOW)
    dance.refresh_from_db()
    assert dance.channel == "social"


def test_a_type_without_events_changes_at_once(desk):
    kind = EventType.objects.create(name="Booth visited", channel="web", created_at=NOW)
    desk.post(url(kind), {**as_it_stands(desk.get(url(kind))), "channel": "social"})
    kind.refresh_from_db()
    assert (kind.channel, Correction.objects.count()) == ("social", 0)


def test_a_type_is_merged_by_way_of_a_preview(desk, dance):
    other = EventType.objects.get(name="Webinar attended")
    response = desk.post(url(dance, "merge"), {"into": other.pk})
    job = Correction.objects.get()
    assert response["Location"] == f"/corrections/{job.pk}/"
    work.go_on(clock=lambda: NOW)
    assert "Merge “Dance” into “Webinar attended”" in seen(desk.get(f"/corrections/{job.pk}/"))


def test_what_rapport_tells_itself_is_not_merged_and_it_is_said_why(desk, dance):
    kind = EventType.objects.get(name="Invoice paid")
    assert "Rapport itself stores events as “Invoice paid”" in seen(desk.post(url(kind, "merge"), {"into": dance.pk}))
    assert not Correction.objects.exists()


def test_types_are_retired_and_offered_again(desk, dance):
    desk.post(LIST, {"action": "retire", "_selected_action": [dance.pk]})
    dance.refresh_from_db()
    assert dance.retired_at == NOW
    assert [kind.name for kind in desk.get(LIST, {"retired": "yes"}).context["cl"].result_list] == ["Dance"]
    desk.post(LIST, {"action": "offer_again", "_selected_action": [dance.pk]})
    dance.refresh_from_db()
    assert dance.retired_at is None
