"""Surveys by the API: made from templates, changed, started, sent, closed; who may not is told so."""

import base64

import pytest

from core.models import Outgoing
from customers.models import Segment
from staff.models import Role
from surveys.models import Invitation, Survey, Wave
from tests.api.conftest import faults
from tests.conftest import NOW
from tests.pages import cast
from tests.pictures import png
from tests.surveys.conftest import people, running

PICTURE = base64.b64encode(png()).decode()


def test_a_survey_is_made_from_a_template_and_started(api):
    made = api.post("surveys/", {"template": "nps", "name": "Spring", "colour": "#aa0000", "logo": PICTURE})
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["name"], said["kind"], said["status"], said["version"]) == ("Spring", "nps", "draft", 1)
    assert (said["languages"], said["questions"][0]["key"], said["owner"]) == (["en", "fr", "ru"], "score", None)
    assert len(said["logo"]) == 64
    started = api.post(f"surveys/{said['id']}/start/")
    assert (started.status_code, started.json()["status"]) == (200, "running")
    assert api.get(f"surveys/{said['id']}/").json() == started.json()
    assert api.post(f"surveys/{said['id']}/start/").status_code == 409


def test_the_questions_of_a_survey_are_replaced_as_a_whole(api):
    pk = api.post("surveys/", {"template": "free", "languages": ["en"]}).json()["id"]
    question = {"key": "rooms", "type": "choice", "texts": {"en": {"text": "Which?", "options": ["A", "B"]}}}
    said = api.patch(f"surveys/{pk}/", {"questions": [question]})
    assert said.status_code == 200, said.content
    [asked] = said.json()["questions"]
    assert (asked["key"], asked["texts"]["en"]["options"], asked["is_required"]) == ("rooms", ["A", "B"], False)


def test_what_runs_keeps_its_questions_and_a_new_version_takes_its_place(api):
    survey = running()
    assert api.patch(f"surveys/{survey.pk}/", {"is_confidential": True}).json()["code"] == "conflict"
    assert api.patch(f"surveys/{survey.pk}/", {"name": "Renamed", "reminder_days": 7}).status_code == 200
    draft = api.post(f"surveys/{survey.pk}/versions/").json()
    assert (draft["version"], draft["before_id"], draft["status"]) == (2, survey.pk, "draft")
    assert api.post(f"surveys/{survey.pk}/versions/").json()["id"] == draft["id"]
    assert api.post(f"surveys/{draft['id']}/start/").status_code == 200
    assert api.get(f"surveys/{survey.pk}/").json()["status"] == "closed"


def test_a_survey_is_copied_closed_and_a_draft_deleted(api):
    survey = running()
    copy = api.post(f"surveys/{survey.pk}/copy/")
    assert (copy.status_code, copy.json()["name"]) == (201, f"Copy of {survey.name}")
    assert api.delete(f"surveys/{copy.json()['id']}/").status_code == 204
    assert api.delete(f"surveys/{survey.pk}/").status_code == 409
    assert api.post(f"surveys/{survey.pk}/close/").json()["status"] == "closed"
    assert api.post(f"surveys/{survey.pk}/close/").status_code == 409


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, {"template": "required"}),
        ({"template": "gossip"}, {"template": "invalid_choice"}),
        ({"template": "nps", "colour": "red"}, {"colour": "invalid"}),
        ({"template": "nps", "languages": ["de"]}, {"languages.0": "invalid_choice"}),
        ({"template": "nps", "languages": []}, {"languages": "min_length"}),
        ({"template": "nps", "texts": []}, {"texts": "not_a_dict"}),
        ({"template": "nps", "texts": {"en": []}}, {"texts.en": "invalid"}),
        ({"template": "nps", "texts": {"de": {}}}, {"texts.de": "invalid"}),
        ({"template": "nps", "texts": {"en": {"titel": "x"}}}, {"texts.en.titel": "unknown"}),
        ({"template": "nps", "texts": {}}, {"texts": "invalid"}),
        ({"template": "nps", "questions": [{"key": "score"}]}, {"questions.0.type": "required",
          "questions.0.texts": "required"}),
        ({"template": "nps", "logo": "%"}, {"logo": "invalid"}),
        ({"template": "nps", "logo": "aGVsbG8="}, {"logo": "invalid"}),
        ({"template": "nps", "widget_origins": ["javascript:x"]}, {"widget_origins": "invalid"}),
        ({"template": "nps", "reminder_days": 0}, {"reminder_days": "min_value"}),
        ({"template": "nps", "status": "running"}, {"status": "unknown"}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_and_nothing_is_made(api, body, fault):
    assert faults(api.post("surveys/", body)) == fault
    assert not Survey.objects.exists()


def test_surveys_are_listed_newest_first_and_by_status_kind_and_name(api):
    first, second = running(name="First"), running("csat", name="Second")
    draft = api.post("surveys/", {"template": "nps"}).json()["id"]
    asked = ("", "?status=draft", "?kind=csat", "?q=firs")
    found = [[row["id"] for row in api.rows(f"surveys/{query}")] for query in asked]
    assert found == [[draft, second.pk, first.pk], [draft], [second.pk], [first.pk]]
    for bad in ("?status=gone", "?stat=draft", "?cursor=x"):
        assert api.get(f"surveys/{bad}").status_code == 400


def test_a_csm_reads_and_sends_but_makes_nothing(make_key, maya):
    survey = running()
    api = make_key(colleague=maya)
    for method, path in (
        ("POST", "surveys/"),
        ("PATCH", f"surveys/{survey.pk}/"),
        ("DELETE", f"surveys/{survey.pk}/"),
        *(("POST", f"surveys/{survey.pk}/{act}/") for act in ("start", "close", "copy", "versions")),
    ):
        assert api.call(method, path, {"template": "nps"}).status_code == 403, path
    assert api.get(f"surveys/{survey.pk}/").status_code == 200
    assert api.post(f"surveys/{survey.pk}/waves/", {"query": {}}).status_code == 201


def test_a_sending_says_whom_it_would_reach_before_it_is_made(api, begun):
    survey = running()
    people(3)
    people(2, start=5, survey_opt_out=True)
    forecast = {"asked": 3, "dropped": {"opted_out": 2}}
    tried = api.post(f"surveys/{survey.pk}/waves/", {"query": {}, "only_forecast": True})
    assert (tried.status_code, tried.json()["forecast"], tried.json()["id"]) == (200, forecast, None)
    assert not Wave.objects.exists()
    made = api.post(f"surveys/{survey.pk}/waves/", {"query": {}, "rule": "drip", "days": 7})
    assert (made.status_code, made.json()["forecast"], made.json()["days"]) == (201, forecast, 7)
    wave = Wave.objects.get()
    assert (wave.sees_all, wave.by) == (True, None)
    assert [row["id"] for row in api.rows(f"surveys/{survey.pk}/waves/")] == [wave.pk]
    ended = api.post(f"surveys/{survey.pk}/waves/{wave.pk}/end/").json()
    assert ended["ended_at"] == "2026-06-15T12:00:00Z"
    assert api.get(f"surveys/{survey.pk}/waves/{wave.pk}/").json() == ended


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, {"query": "invalid"}),
        ({"query": {"stage": "gone"}}, {"query.stage": "invalid"}),
        ({"query": {"stagee": "active"}}, {"query": "invalid"}),
        ({"query": {}, "segment_id": 1}, {"segment_id": "does_not_exist"}),
        ({"query": {}, "rule": "event"}, {"event_type_id": "invalid"}),
        ({"query": {}, "rule": "event", "event_type_id": 999_999}, {"event_type_id": "does_not_exist"}),
        ({"query": {}, "days": 0}, {"days": "min_value"}),
        ({"query": {}, "starts_at": "soon"}, {"starts_at": "unknown"}),
    ],
)
def test_a_sending_that_makes_no_sense_is_refused(api, begun, body, fault):
    assert faults(api.post(f"surveys/{running().pk}/waves/", body)) == fault


def test_a_draft_asks_nobody(api):
    pk = api.post("surveys/", {"template": "nps"}).json()["id"]
    assert api.post(f"surveys/{pk}/waves/", {"query": {}}).status_code == 409
    assert api.post(f"surveys/{pk}/waves/", {"query": {}, "only_forecast": True}).status_code == 200
    contact = people(1)[0]
    invited = api.post(f"surveys/{pk}/invitations/", {"contacts": [{"contact_id": contact.pk}]})
    assert (invited.status_code, Invitation.objects.count()) == (409, 0)


def test_a_sending_of_a_limited_colleague_reaches_their_own_customers_only(make_key, lou, maya):
    survey = running()
    people(3)
    people(1, start=9, customer=cast.customer("Own", owner=lou))
    made = make_key(colleague=lou).post(f"surveys/{survey.pk}/waves/", {"query": {}})
    assert made.json()["forecast"]["asked"] == 1
    private = Segment.objects.create(name="Mine", owner=maya, query={"q": "a"}, created_at=NOW)
    refused = make_key(colleague=lou).post(f"surveys/{survey.pk}/waves/", {"segment_id": private.pk})
    assert faults(refused) == {"segment_id": "does_not_exist"}
    assert make_key(colleague=maya).post(f"surveys/{survey.pk}/waves/", {"segment_id": private.pk}).status_code == 201
    other = cast.colleague("Cem")
    wave = Wave.objects.filter(by=maya).get()
    assert make_key(colleague=other).post(f"surveys/{survey.pk}/waves/{wave.pk}/end/").status_code == 403
    assert make_key(colleague=maya).post(f"surveys/{survey.pk}/waves/{wave.pk}/end/").status_code == 200


def test_people_are_invited_by_name_and_each_is_told_of(api, begun):
    survey = running()
    ann, bob = people(2)
    [cem] = people(1, start=7, survey_opt_out=True)
    rows = [{"contact_id": ann.pk}, {"email": bob.email.upper()}, {"contact_id": cem.pk}, {"user_id": "nobody"}]
    said = api.post(f"surveys/{survey.pk}/invitations/", {"contacts": [*rows, {"email": ann.email}]}).json()
    outcomes = [(one["outcome"], one["contact_id"], one["link"]) for one in said["results"]]
    assert outcomes == [
        ("invited", ann.pk, None), ("invited", bob.pk, None), ("dropped", cem.pk, None), ("unknown", None, None),
        ("invited", ann.pk, None),
    ]  # fmt: skip
    assert (said["invited"], said["results"][2]["reason"], Outgoing.objects.count()) == (2, "opted_out", 2)
    assert {row["state"] for row in api.rows(f"surveys/{survey.pk}/invitations/")} == {"waiting", "dropped"}
    [row] = api.rows(f"surveys/{survey.pk}/invitations/?reason=opted_out")
    assert row["contact_id"] == cem.pk
    assert [one["contact_id"] for one in api.rows(f"surveys/{survey.pk}/invitations/?contact={bob.pk}")] == [bob.pk]


def test_a_personal_link_is_shown_once_and_kept_nowhere(api, begun):
    survey, [ann] = running(), people(1)
    body = {"contacts": [{"contact_id": ann.pk}], "via": "link", "occasion": "order-17"}
    key = {"Idempotency-Key": "k1"}
    first = api.post(f"surveys/{survey.pk}/invitations/", body, **key).json()
    link = first["results"][0]["link"]
    assert link.startswith("http") and "/s/" in link
    again = api.post(f"surveys/{survey.pk}/invitations/", body, **key)
    assert (again["Idempotency-Replayed"], again.json()["results"][0]["link"]) == ("true", None)
    anew = api.post(f"surveys/{survey.pk}/invitations/", body).json()["results"][0]
    assert anew["link"] != link and anew["invitation_id"] == first["results"][0]["invitation_id"]
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, {"contacts": "required"}),
        ({"contacts": []}, {"contacts": "min_length"}),
        ({"contacts": [{}]}, {"contacts.0": "invalid"}),
        ({"contacts": [{"contact_id": 1, "email": "a@b.example"}]}, {"contacts.0": "invalid"}),
        ({"contacts": [{"contact_id": 1}] * 1001}, {"contacts": "max_length"}),
        ({"contacts": [{"contact_id": 1}], "via": "pigeon"}, {"via": "invalid_choice"}),
        ({"contacts": [{"email": "a\0"}]}, {"contacts.0.email": "null_characters_not_allowed"}),
    ],
)
def test_invitations_that_name_nobody_are_refused(api, begun, body, fault):
    assert faults(api.post(f"surveys/{running().pk}/invitations/", body)) == fault


def test_contacts_of_others_are_neither_invited_nor_listed(make_key, lou, begun, api):
    survey, [ann] = running(), people(1)
    api.post(f"surveys/{survey.pk}/invitations/", {"contacts": [{"contact_id": ann.pk}]})
    limited = make_key(colleague=lou)
    said = limited.post(f"surveys/{survey.pk}/invitations/", {"contacts": [{"email": ann.email}]}).json()
    assert (said["invited"], said["results"][0]["outcome"]) == (0, "unknown")
    assert limited.rows(f"surveys/{survey.pk}/invitations/") == []


def test_a_viewer_reads_only(make_key, begun):
    survey, vera = running(), make_key(colleague=cast.colleague("Vera", Role.VIEWER))
    assert vera.get(f"surveys/{survey.pk}/waves/").status_code == 200
    for path in ("waves", "invitations", "answers", "start"):
        assert vera.post(f"surveys/{survey.pk}/{path}/", {}).status_code == 403


def test_a_csm_asks_the_people_of_their_own_customers_alone(make_key, maya):
    survey, api = running(), make_key(colleague=maya)
    [theirs], [own] = people(1), people(1, start=9, customer=cast.customer("Own", owner=maya))
    made = api.post(f"surveys/{survey.pk}/waves/", {"query": {"stage": "active"}, "only_forecast": True}).json()
    assert (made["query"], made["forecast"]["asked"]) == ({"stage": "active", "owner": str(maya.pk)}, 1)
    refused = api.post(f"surveys/{survey.pk}/waves/", {"query": {"owner": "none"}})
    assert faults(refused) == {"query": "invalid"}
    said = api.post(f"surveys/{survey.pk}/invitations/", {"contacts": [{"email": one.email} for one in (theirs, own)]})
    assert [one["outcome"] for one in said.json()["results"]] == ["unknown", "invited"]
