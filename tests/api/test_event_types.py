"""Event types by the API: by name, by the verb of the administration, and nothing that is stored changes unseen."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from customers.models import Act
from events import ingest
from events.corrections import work
from events.models import Correction, EventType, Source
from scoring.models import ScoringModel, Weight
from staff.models import ApiKey, Role
from tests.api.conftest import faults
from tests.conftest import NOW
from tests.pages import cast

NAME = "event-types/by-name/Booth%20visited/"


@pytest.fixture
def dance(begun):
    """A type with a stored event."""
    source = Source.objects.create(name="Website", kind=Source.Kind.WRITE_KEY, channel="web", created_at=NOW)
    ingest.record([{"type": "track", "event": "Dance", "userId": "ann", "messageId": "1"}], source=source, now=NOW)
    return EventType.objects.get(name="Dance")


def test_a_type_is_made_by_name_found_and_replaced(api):
    made = api.put(NAME, {"channel": "in-person", "is_key_action": True, "unit": "2.5"})
    assert made.status_code == 201
    row = made.json()
    assert (row["name"], row["channel"], row["is_activity"], row["is_key_action"], row["unit"], row["waiting"]) == (
        "Booth visited", "in-person", True, True, "2.500", None,
    )  # fmt: skip
    assert api.get(NAME).json() == api.get(f"event-types/{row['id']}/").json()
    again = api.put(NAME, {"channel": "in-person", "is_activity": False})
    assert again.status_code == 200
    assert (again.json()["is_activity"], again.json()["is_key_action"], again.json()["unit"]) == (False, False, None)


def test_a_patch_changes_what_it_names_by_name_and_by_id(api):
    pk = api.put(NAME, {"channel": "web", "is_touch": True}).json()["id"]
    assert api.patch(NAME, {"channel": "email"}).json()["is_touch"] is True
    row = api.patch(f"event-types/{pk}/", {"unit": "1"}).json()
    assert (row["channel"], row["is_touch"], row["unit"]) == ("email", True, "1.000")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, {"channel": "required"}),
        ({"channel": "pigeon"}, {"channel": "invalid_choice"}),
        ({"channel": "web", "is_activity": "perhaps"}, {"is_activity": "invalid"}),
        ({"channel": "web", "is_activity": None}, {"is_activity": "null"}),
        ({"channel": "web", "unit": "0"}, {"": "invalid"}),
        ({"channel": "web", "unit": "-1"}, {"": "invalid"}),
        ({"channel": "web", "unit": "0.0001"}, {"unit": "max_decimal_places"}),
        ({"channel": "web", "name": "Other"}, {"name": "unknown"}),
        ({"channel": "web", "points": 3}, {"points": "unknown"}),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_made(api, body, fault):
    assert faults(api.put(NAME, body)) == fault
    assert not EventType.objects.filter(name="Booth visited").exists()


@pytest.mark.parametrize("name", ["x" * 201, "a%00b", "%20"])
def test_a_name_that_no_event_could_carry_is_refused(api, name):
    assert api.put(f"event-types/by-name/{name}/", {"channel": "web"}).status_code == 400


def test_a_name_with_a_slash_is_a_name(api):
    api.put("event-types/by-name/app/opened/", {"channel": "mobile"})
    assert EventType.objects.get(name="app/opened").channel == "mobile"


def test_what_is_not_there_is_not_changed(api):
    assert api.patch(NAME, {"channel": "web"}).status_code == api.get(NAME).status_code == 404
    assert api.patch("event-types/999999/", {"channel": "web"}).status_code == 404


def test_a_change_of_stored_events_meaning_waits_for_an_admin_and_is_asked_for_once(api, dance, client):
    for _ in range(2):
        row = api.patch(f"event-types/{dance.pk}/", {"is_activity": False, "is_key_action": True}).json()
    job = Correction.objects.get()
    assert (row["is_activity"], row["is_key_action"]) == (True, True), "what rewrites nothing is changed at once"
    assert row["waiting"] == {"url": f"/corrections/{job.pk}/", "fields": ["is_activity"]}
    assert (job.changes, job.by) == ({"is_activity": [True, False]}, None)
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    work.go_on(clock=lambda: NOW)
    assert client.get(f"/corrections/{job.pk}/").status_code == 200
    client.post(f"/corrections/{job.pk}/carry-out/")
    work.go_on(clock=lambda: NOW)
    row = api.patch(f"event-types/{dance.pk}/", {"is_activity": False}).json()
    assert (row["is_activity"], row["waiting"], Correction.objects.count()) == (False, None, 1)


def test_a_published_model_stays_as_it_is(api):
    model = ScoringModel.objects.current()
    kind = EventType.objects.get(name="Meeting held")
    before = list(Weight.objects.filter(model=model, event_type=kind).values())
    row = api.patch(f"event-types/{kind.pk}/", {"is_key_action": True, "is_touch": False, "unit": "7"}).json()
    assert (row["is_key_action"], row["is_touch"], row["unit"]) == (True, False, "7.000")
    assert before and list(Weight.objects.filter(model=model, event_type=kind).values()) == before


def test_a_type_that_was_merged_names_the_other(api, dance):
    EventType.objects.filter(pk=dance.pk).update(merged_into=EventType.objects.get(name="Webinar attended"))
    for answer in (
        api.put("event-types/by-name/Dance/", {"channel": "social"}),
        api.patch(f"event-types/{dance.pk}/", {"channel": "social"}),
    ):
        assert answer.status_code == 409
        assert "“Webinar attended”" in answer.json()["message"]


def test_each_change_leaves_a_trace_and_none_where_nothing_changed(api):
    api.put(NAME, {"channel": "web"})
    for _ in range(2):
        api.patch(NAME, {"unit": "2", "channel": "email"})
    made, changed = Act.objects.filter(kind=Act.Kind.EVENT_TYPE).order_by("pk")
    assert (made.detail["name"], made.detail["key"], made.by, made.at) == ("Booth visited", "CRM", None, NOW)
    assert changed.detail["changes"] == {"channel": ["web", "email"], "unit": [None, "2.000"]}


@pytest.mark.parametrize("role", [Role.LEAD, Role.CSM, Role.VIEWER])
def test_a_key_of_a_colleague_who_is_no_admin_changes_no_type(make_key, role):
    key = make_key(colleague=cast.colleague("Lea", role))
    assert key.put(NAME, {"channel": "web"}).status_code == 403
    assert key.patch("event-types/by-name/Meeting%20held/", {"unit": "1"}).status_code == 403
    assert not EventType.objects.filter(name="Booth visited").exists()


def test_an_admins_key_does_and_the_trace_names_the_admin(make_key):
    ada = cast.colleague("Ada", Role.ADMIN)
    assert make_key(colleague=ada).put(NAME, {"channel": "web"}).status_code == 201
    assert Act.objects.get().by == ada


def test_writing_events_or_reading_them_is_not_enough(make_key):
    reading = make_key("events:read")
    assert reading.get("event-types/").status_code == 200
    for key in (reading, make_key(ApiKey.EVENTS_WRITE)):
        answer = key.put(NAME, {"channel": "web"})
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
        assert "event-types:write" in answer.json()["message"]
    assert make_key("event-types:write").put(NAME, {"channel": "web"}).status_code == 201


def test_an_idempotency_key_answers_the_same_again(api):
    first, again = (api.put(NAME, {"channel": "web"}, **{"Idempotency-Key": "n1"}) for _ in range(2))
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_type(make_key):
    api = make_key()

    def put(channel):
        try:
            return api.put(NAME, {"channel": channel}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(put, ["web", "email"] * 4))
    assert statuses == [200] * 7 + [201]
    assert EventType.objects.filter(name="Booth visited").count() == 1
