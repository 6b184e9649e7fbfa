"""No more surveys: asked first on the page, at once by the mail program's own button, and never by a GET."""

from datetime import timedelta

import time_machine

from events.models import Event
from surveys import lifecycle
from tests.conftest import NOW


def opted_out(kim):
    kim.refresh_from_db()
    return kim.survey_opt_out


def test_opening_it_only_asks(look, link, kim):
    assert "No more surveys?" in look(f"{link}unsubscribe/")
    assert not opted_out(kim)


def test_one_click_in_the_mail_program_does_it(stranger, link, kim):
    answer = stranger.post(f"{link}unsubscribe/", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and opted_out(kim)
    assert Event.objects.filter(event_type__name="Email unsubscribed").count() == 1
    stranger.post(f"{link}unsubscribe/", "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert Event.objects.filter(event_type__name="Email unsubscribed").count() == 1


def test_a_post_that_says_nothing_does_nothing(stranger, link, kim):
    assert stranger.post(f"{link}unsubscribe/").status_code == 200
    assert not opted_out(kim)


def test_it_can_be_taken_back(stranger, link, kim):
    text = stranger.post(f"{link}unsubscribe/", {"sure": "1"}).content.decode()
    assert "You will get no more surveys" in text and opted_out(kim)
    text = stranger.post(f"{link}unsubscribe/", {"again": "1"}).content.decode()
    assert "We may ask you again" in text and not opted_out(kim)


def test_it_works_when_the_link_has_expired_and_the_survey_is_closed(stranger, link, kim, survey):
    lifecycle.close(survey, now=NOW)
    with time_machine.travel(NOW + timedelta(days=400), tick=False):
        assert stranger.get(link).status_code == 404
        assert stranger.post(f"{link}unsubscribe/", {"sure": "1"}).status_code == 200
    assert opted_out(kim)
