"""Webhooks that bring answers: signed, taken once, and what is refused is kept to be tried again."""

import json
import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from standardwebhooks import Webhook

from surveys.answering import webhooks
from surveys.models import Answer, Hook, Refused
from tests.admin.conftest import ada, desk  # noqa: F401
from tests.conftest import NOW
from tests.surveys.conftest import people, running


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hook(begun):
    return Hook.objects.create(name="Typeform", survey=running(), created_at=NOW)


def bring(hook, *rows, secret=None, at=None, name="msg-1", raw=None, signed=None, slug=None, **headers):
    """POST answers as the other tool does; `signed` is what was signed, when it is not what is sent."""
    body = json.dumps({"answers": list(rows)}).encode() if raw is None else raw
    moment = at or datetime.now().astimezone()
    over = (body if signed is None else signed).decode("latin-1")
    signature = Webhook(secret or webhooks.secret_of(hook)).sign(name, moment, over)
    sent = {
        "webhook-id": name,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
        **headers,
    }
    path = f"/hooks/surveys/{slug or hook.slug}/"
    return Client(enforce_csrf_checks=True).post(path, body, "application/json", headers=sent)


def test_signed_answers_are_taken(hook):
    [ann] = people(1)
    answer = bring(hook, {"email": ann.email, "score": 9}, {"marks": {"score": 2, "wrong": "All"}})
    assert (answer.status_code, answer.json()["taken"]) == (200, 2)
    assert {row.via for row in Answer.objects.all()} == {"webhook"}
    assert Answer.objects.get(contact=ann).score == 9
    assert Hook.objects.get().used_at == NOW


def test_a_delivery_repeated_is_taken_once(hook):
    first, again = bring(hook, {"score": 9}, {"score": 3}), bring(hook, {"score": 9}, {"score": 3})
    assert first.json() == again.json()
    assert Answer.objects.count() == 2
    bring(hook, {"score": 9}, name="msg-2")
    assert Answer.objects.count() == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "whsec_" + "A" * 44},
        {"signed": b"{}"},
        {"at": NOW - timedelta(seconds=301)},
        {"at": NOW + timedelta(seconds=301)},
        {"webhook-signature": "v1,nonsense"},
        {"webhook-signature": "v1"},
        {"webhook-signature": ""},
        {"webhook-timestamp": "nan"},
        {"webhook-id": "other"},
        {"slug": "nothing"},
        {"slug": "x" * 300},
        {"raw": b"\xff\xfe", "signed": b"x"},
    ],
)
def test_whoever_does_not_sign_gets_the_same_answer(hook, wrong):
    answer = bring(hook, {"score": 9}, **wrong)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    assert answer.content == bring(hook, {"score": 9}, secret="whsec_AAAA").content
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b"[]", 400, "invalid"),
        (b'{"answers": {}}', 400, "invalid"),
        (b'{"answers": []}', 400, "invalid"),
        (b'{"answers": [' + b"1," * 1_000 + b"1]}", 400, "invalid"),
        (b" " * (1024 * 1024 + 1), 413, "too_large"),
        (b"[" * 100_000, 400, "invalid_json"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_whole(hook, raw, status, code):
    answer = bring(hook, raw=raw)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Refused.objects.exists()


def test_what_is_refused_costs_only_itself_and_is_kept_once(hook):
    rows = [{"score": 11}, 7, {"email": "kim0@acme.example", "score": 9}, {"scor": 1}, {"score": 8}, {"a": "\0"}]
    for _ in range(2):
        reply = bring(hook, *rows).json()
        assert [result["taken"] for result in reply["results"]] == [False, False, False, False, True, False]
    kept = Refused.objects.all()
    assert len(kept) == 5
    assert all(row.reason for row in kept)
    assert json.loads(kept.get(body__contains="kim0").body)["score"] == 9


def test_a_renewed_secret_leaves_the_former_one_for_a_week(hook):
    before = webhooks.secret_of(hook)
    after = webhooks.secret_of(webhooks.renew(hook, now=NOW))
    assert before != after
    for days, secret, status in ((6, before, 200), (6, after, 200), (7, before, 401), (7, after, 200)):
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            assert bring(hook, {"score": 9}, secret=secret, name=f"{days}").status_code == status


def test_a_secret_outlives_the_change_of_the_installations_own_key(hook, settings):
    before = webhooks.secret_of(hook)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8
    assert bring(hook, {"score": 9}, secret=before).status_code == 200


def test_an_ended_webhook_takes_nothing(hook):
    webhooks.end(hook, now=NOW)
    assert bring(hook, {"score": 9}).status_code == 401


def test_an_admin_makes_one_and_sees_its_secret_once(desk, begun):  # noqa: F811
    survey = running()
    page = desk.post("/admin/surveys/hook/add/", {"name": "Typeform", "survey": survey.pk}).content.decode()
    hook = Hook.objects.get()
    secret = re.search(r"whsec_[\w+/=]+", page)
    assert secret and secret.group() == webhooks.secret_of(hook)
    assert f"/hooks/surveys/{hook.slug}/" in page
    assert "whsec_" not in desk.get(f"/admin/surveys/hook/{hook.pk}/change/").content.decode()
    assert "whsec_" not in desk.get(f"/admin/surveys/hook/{hook.pk}/renew/").content.decode()
    renewed = desk.post(f"/admin/surveys/hook/{hook.pk}/renew/").content.decode()
    assert secret.group() not in renewed and "whsec_" in renewed
    sent = {"action": "end", "_selected_action": [hook.pk]}
    assert "End these webhooks?" in desk.post("/admin/surveys/hook/", sent).content.decode()
    desk.post("/admin/surveys/hook/", {**sent, "sure": "yes"})
    assert Hook.objects.get().ended_at == NOW


def test_a_refused_answer_is_tried_again_once_the_reason_is_gone(desk, hook):  # noqa: F811
    bring(hook, {"email": "kim0@acme.example", "score": 9})
    refused = Refused.objects.get()
    sent = {"action": "try_again", "_selected_action": [refused.pk]}
    assert "Failed again, 1" in desk.post("/admin/surveys/refused/", sent, follow=True).content.decode()
    [kim] = people(1)
    assert "1 answer was taken" in desk.post("/admin/surveys/refused/", sent, follow=True).content.decode()
    assert Answer.objects.get().contact == kim
    assert Refused.objects.get().replayed_at == NOW


@pytest.mark.parametrize("is_confidential", [False, True])
def test_what_was_refused_is_read_unless_it_was_said_in_confidence(desk, begun, is_confidential):  # noqa: F811
    hook = Hook.objects.create(name="Tool", survey=running(is_confidential=is_confidential), created_at=NOW)
    bring(hook, {"email": "kim0@acme.example", "score": 3})
    page = desk.get(f"/admin/surveys/refused/{Refused.objects.get().pk}/change/").content.decode()
    assert ("kim0@acme.example" in page) is not is_confidential
