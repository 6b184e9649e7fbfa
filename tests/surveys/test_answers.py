"""An answer is a row, an event, an input and a daily count; a change keeps what was said before."""

from datetime import timedelta

import pytest

from customers.models import Changed, InputLog
from events.models import DailyCount, Event
from surveys import lifecycle
from surveys.answering import answers, tallies
from surveys.models import Answer, Invitation, Revision, Tally
from surveys.questionnaire.questions import InvalidAnswers
from tests.conftest import NOW
from tests.surveys.conftest import invited, people, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(survey, lead):
    people(1)
    return invited(survey, by=lead)[0]


def counted(survey, name="score"):
    rows = Tally.objects.filter(survey=survey, name=name).exclude(count=0)
    return dict(rows.values_list("value", "count"))


def submit(invitation, score, now=NOW, **more):
    return answers.submit(invitation, {"score": [str(score)], **more}, now=now)


def test_an_answer_stands_with_its_group_its_event_its_input_and_its_count(invitation):
    submit(invitation, 3)
    answer = Answer.objects.get()
    assert (answer.score, answer.group, answer.needs_care) == (3, "detractor", True)
    assert answer.contact == invitation.contact
    event = Event.objects.get()
    assert (event.event_type.name, event.contact, event.properties["score"]) == ("Survey answered", answer.contact, 3)
    assert InputLog.objects.get(name="nps").number == 3_000
    assert counted(invitation.survey) == {"3": 1}
    assert counted(invitation.survey, "step") == {"answered": 1, "started": 1}  # not replied: no mail has left yet
    assert Changed.objects.filter(customer=answer.customer_id).exists()


def test_a_change_rewrites_the_answer_keeps_the_old_one_and_counts_once(invitation):
    submit(invitation, 3, wrong=["Too slow"])
    submit(invitation, 9, now=NOW + timedelta(hours=1))
    answer = Answer.objects.get()
    assert (answer.score, answer.comment, answer.changed_at) == (9, "", NOW + timedelta(hours=1))
    assert Revision.objects.get().marks == {"score": 3, "wrong": "Too slow"}
    assert counted(invitation.survey) == {"9": 1}
    assert counted(invitation.survey, "step") == {"answered": 1, "started": 1}
    assert InputLog.objects.get(name="nps").number == 9_000
    assert Event.objects.count() == 1
    assert sum(DailyCount.objects.values_list("count", flat=True)) == 1


def test_the_same_answer_again_changes_nothing(invitation):
    submit(invitation, 7)
    submit(invitation, 7, now=NOW + timedelta(minutes=1))
    assert not Revision.objects.exists()
    assert Answer.objects.get().changed_at is None


def test_a_further_step_adds_to_what_was_said(invitation):
    submit(invitation, 10)
    answers.submit(invitation, {"like": ["Your people"]}, now=NOW + timedelta(minutes=1), only=["like"])
    assert Answer.objects.get().marks == {"score": 10, "like": "Your people"}
    assert Answer.objects.get().comment == "Your people"


def test_an_answer_may_be_changed_for_a_day(invitation):
    submit(invitation, 3)
    submit(invitation, 4, now=NOW + timedelta(hours=23, minutes=59))
    with pytest.raises(answers.Closed):
        submit(invitation, 5, now=NOW + timedelta(hours=24))
    assert Answer.objects.get().score == 4


def test_the_same_answer_again_is_harmless_however_late(invitation):
    submit(invitation, 3)
    lifecycle.close(invitation.survey, now=NOW)
    submit(invitation, 3, now=NOW + timedelta(days=9))
    assert Answer.objects.get().changed_at is None


@pytest.mark.parametrize("score", ["11", "-1", "x", "٣", "3.0", "NaN", "\0", "9" * 5_000])
def test_what_is_no_mark_is_refused_with_its_question(invitation, score):
    with pytest.raises(InvalidAnswers) as refusal:
        submit(invitation, score)
    assert [*refusal.value.problems] == ["score"]
    assert not Answer.objects.exists()


def test_an_empty_answer_is_refused(invitation):
    with pytest.raises(InvalidAnswers):
        answers.submit(invitation, {}, now=NOW)


def test_a_mean_is_of_each_contacts_last_answer(survey, lead):
    people(2)
    first, second = invited(survey, by=lead)
    submit(first, 10)
    submit(second, 5)
    assert InputLog.objects.get(name="nps").number == 7_500


def test_what_is_said_in_confidence_names_nobody_and_feeds_no_health(lead):
    survey = running(is_confidential=True)
    people(1)
    submit(invited(survey, by=lead)[0], 0)
    event = Event.objects.get()
    assert event.contact is None
    assert "score" not in event.properties
    assert not InputLog.objects.filter(name="nps").exists()
    assert not Answer.objects.get().needs_care


def test_counts_can_be_rebuilt_from_the_answers(invitation):
    submit(invitation, 3)
    before = counted(invitation.survey)
    Tally.objects.filter(name="score").update(count=17)
    tallies.recount(invitation.survey)
    assert counted(invitation.survey) == before


def test_an_invitation_knows_that_it_was_answered(invitation):
    submit(invitation, 3)
    row = Invitation.objects.get()
    assert (row.answered_at, row.started_at) == (NOW, NOW)
