"""Public links and the widget."""

import hashlib
import hmac
import secrets

import pytest

from customers.models import Identity, IdentityKind
from staff.models import Role
from surveys import lifecycle
from surveys.answering import direct_answers
from surveys.models import Answer, Survey
from tests.conftest import NOW
from tests.pages import cast
from tests.pictures import png
from tests.surveys.conftest import running

SITE = "https://app.example"


@pytest.fixture
def public(survey):
    return f"/s/to/{survey.link}/"


def signed(survey, user_id):
    key = direct_answers.key_of(survey).encode()
    return {"user_id": user_id, "signature": hmac.new(key, user_id.encode(), hashlib.sha256).hexdigest()}


def test_each_post_is_a_new_answer_that_can_be_changed_by_its_own_link(stranger, look, public):
    first, second = (stranger.post(public, {"score": score}) for score in ("9", "2"))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] != second["Location"]
    assert sorted(Answer.objects.values_list("score", "via")) == [(2, "link"), (9, "link")]
    stranger.post(first["Location"], {"step_": "change", "score": "10"})
    assert sorted(Answer.objects.values_list("score", flat=True)) == [2, 10]
    assert "No more surveys" not in look(first["Location"]) and "No more surveys" not in look(public)


def test_looking_and_sending_nothing_write_nothing(stranger, look, public):
    assert "How likely" in look(public)
    answer = stranger.post(public, {})
    assert answer.status_code == 422 and "Please answer this one." in answer.content.decode()
    assert not Answer.objects.exists()


def test_whom_the_companys_own_server_vouches_for_is_known(stranger, look, public, survey, kim):
    Identity.objects.create(kind=IdentityKind.USER, value="u-1", contact=kim)
    who = signed(survey, "u-1")
    text = look(public, query_params=who)
    assert f'name="signature" value="{who["signature"]}"' in text
    stranger.post(public, {"score": "9", **who})
    assert Answer.objects.get().contact == kim


def test_the_key_that_signs_is_for_who_makes_surveys(client, survey, lead):
    client.force_login(lead)
    assert direct_answers.key_of(survey) in client.get(f"/surveys/{survey.pk}/").content.decode()
    client.force_login(cast.colleague("Vera", Role.VIEWER))
    assert direct_answers.key_of(survey) not in client.get(f"/surveys/{survey.pk}/").content.decode()


def test_an_id_nobody_signed_is_passed_over(stranger, public, kim):
    Identity.objects.create(kind=IdentityKind.USER, value="u-1", contact=kim)
    stranger.post(public, {"score": "9", "user_id": "u-1", "signature": "0" * 64})
    assert Answer.objects.get().contact != kim


def test_a_link_that_was_handed_out_leads_to_the_next_version(stranger, look, public, survey, lead):
    lifecycle.start(lifecycle.new_version(survey, now=NOW, by=lead), now=NOW)
    assert "How likely" in look(public)
    stranger.post(public, {"score": "9"})
    assert Answer.objects.get().survey.version == 2
    lifecycle.close(Survey.objects.get(version=2), now=NOW)
    look(public, 404)


def test_only_the_surveys_own_sites_may_frame_it(stranger, begun):
    survey = running(widget_origins=[SITE])
    answer = stranger.get(f"/s/widget/{survey.link}/")
    assert f"frame-ancestors {SITE};" in f"{answer['Content-Security-Policy']};"
    assert "X-Frame-Options" not in answer
    stored = stranger.post(f"/s/widget/{survey.link}/", {"score": "4"})
    after = stranger.get(stored["Location"])
    assert f"frame-ancestors {SITE};" in f"{after['Content-Security-Policy']};"
    assert Answer.objects.get().via == "widget"
    other = stranger.get(f"/s/to/{survey.link}/")
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"] and other["X-Frame-Options"] == "DENY"


def test_a_survey_without_sites_is_framed_by_nobody(stranger, survey):
    answer = stranger.get(f"/s/widget/{survey.link}/")
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_colours_are_served_and_readable(stranger):
    answer = stranger.get("/s/look/ffe600.css")
    assert answer.content == b":root{--brand:#ffe600;--on-brand:#111111}"
    assert answer["Content-Type"] == "text/css" and "immutable" in answer["Cache-Control"]
    for wrong in ("FFE600", "ffe60", "ffe6000", "url(x)", "ffe60g"):
        assert stranger.get(f"/s/look/{wrong}.css").status_code == 404


def test_a_logo_is_served(stranger, begun):
    logo = lifecycle.keep_logo(png())
    answer = stranger.get(f"/s/logo/{logo.digest}/")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert stranger.get(f"/s/logo/{'0' * 64}/").status_code == 404


def test_who_comes_too_often_waits(stranger, survey, settings, django_assert_num_queries):
    settings.SURVEY_REQUESTS_PER_MINUTE = 2
    near, far = ({"REMOTE_ADDR": f"2001:db8:{secrets.token_hex(2)}:{i}::1"} for i in (1, 2))  # new in each run
    path = f"/s/to/{survey.link}/"
    assert [stranger.get(path, **near).status_code for _ in range(2)] == [200, 200]
    with django_assert_num_queries(0):
        refused = stranger.post(path, {"score": "9"}, **near)
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert stranger.get(path, **far).status_code == 200
