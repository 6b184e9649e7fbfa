"""Past answers by file: the scale is asked for, another one is refused and never converted, a file twice is once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from customers.models import Contact, Identity, IdentityKind, InputLog
from events.models import Event
from surveys import lifecycle
from surveys.models import Answer, Survey
from tests.conftest import NOW
from tests.imports import steps
from tests.imports.files import csv_file
from tests.imports.steps import wrong
from tests.surveys.conftest import running

pytestmark = pytest.mark.django_db

HEADER = "Survey,Scale,Score,Answered at,Company id,E-mail,Comment,Response id"


@pytest.fixture
def kim(acme):
    contact = Contact.objects.create(customer_id=acme, name="Kim", email="kim@acme.example", created_at=NOW)
    Identity.objects.create(kind=IdentityKind.EMAIL, value=contact.email, contact=contact)
    return contact


@pytest.fixture
def survey(begun):
    return running(name="Spring")


def test_a_file_twice_is_a_file_once(bring, acme, kim, survey):
    rows = [
        "Spring,0-10,9,2026-06-01 10:00,,KIM@acme.example,Fast,r-1",
        "Spring,0 to 10,3,2026-06-02 10:00,acme,,Slow,",
        "Spring,0–10,3,2026-06-02 10:00,acme,,Slow,",
    ]
    job = bring("answers", csv_file(HEADER, *rows))
    assert job.written == {"bad": 0, "new": 3}, wrong(job)
    first = Answer.objects.get(contact=kim)
    assert (first.score, first.comment, first.via, first.answered_at) == (
        9, "Fast", "import", datetime(2026, 6, 1, 10, tzinfo=UTC),
    )  # fmt: skip
    assert Answer.objects.filter(score=3, contact=None, customer=acme, comment="Slow").count() == 2
    again = bring("answers", csv_file(HEADER, *rows))
    assert (again.written, Answer.objects.count()) == ({"bad": 0, "same": 3}, 3)
    assert Event.objects.filter(event_type__name="Survey answered").count() == 3


def test_a_scale_from_1_to_10_is_no_nps_and_the_check_explains_it(bring, acme, survey, client, lea):
    job = bring("answers", csv_file(HEADER, "Spring,1-10,9,2026-06-01,acme,,,"))
    assert wrong(job) == {2: [("Scale", "no nps")]}
    assert not Answer.objects.exists()
    client.force_login(lea)
    assert "nobody could choose 0" in client.get(f"/imports/{job.pk}/").content.decode()


def test_a_scale_from_1_to_10_fits_a_survey_of_ones_own_questions(bring, acme, begun):
    questions = [{"key": "rooms", "type": "rating", "low": 1, "high": 10, "texts": {"en": {"text": "How is it?"}}}]
    said = {"languages": ["en"], "questions": questions, "name": "Rooms"}
    running("free", **said)
    job = bring("answers", csv_file(HEADER, "Rooms,1-10,10,2026-06-01,acme,,,", "Rooms,0-10,9,2026-06-01,acme,,,"))
    assert wrong(job) == {3: [("Scale", "other scale")]}
    assert Answer.objects.get().marks == {"rooms": 10}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Autumn,0-10,9,2026-06-01,acme,,,", ("Survey", "no survey")),
        ("Spring,1-5,4,2026-06-01,acme,,,", ("Scale", "other scale")),
        ("Spring,stars,4,2026-06-01,acme,,,", ("Scale", "choice")),
        ("Spring,,4,2026-06-01,acme,,,", ("Scale", "required")),
        ("Spring,0-10,11,2026-06-01,acme,,,", ("", "refused")),
        ("Spring,0-10,9.5,2026-06-01,acme,,,", ("Score", "whole")),
        ("Spring,0-10,,2026-06-01,acme,,,", ("Score", "required")),
        ("Spring,0-10,9,2026-06-16,acme,,,", ("Answered at", "too late")),
        ("Spring,0-10,9,2010-06-01,acme,,,", ("Answered at", "too old")),
        ("Spring,0-10,9,2026-06-01,,,,", ("", "either")),
        ("Spring,0-10,9,2026-06-01,nobody,,,", ("Company id", "no company")),
        ("Spring,0-10,9,2026-06-01,,li@acme.example,,", ("", "no person")),
        ("Spring,0-10,9,2026-06-01,other,kim@acme.example,,", ("Company id", "no company")),
    ],
)
def test_what_an_answer_cannot_be_is_told_before_anything_is_written(bring, acme, kim, survey, row, problem):
    assert wrong(bring("answers", csv_file(HEADER, row))) == {2: [problem]}
    assert not Answer.objects.exists()


def test_a_closed_survey_takes_history_only(bring, acme, survey):
    lifecycle.close(survey, now=NOW)
    body = csv_file(HEADER, "Spring,0-10,9,2026-06-01,acme,,,")
    assert wrong(bring("answers", body)) == {2: [("Survey", "closed survey")]}
    job = bring("answers", body, history=True)
    assert (job.state, job.written) == ("done", {"bad": 0, "new": 1})
    assert InputLog.objects.get(customer=acme, name="nps").known_on == date(2026, 6, 1)


def test_an_answer_corrected_in_another_file_needs_history_after_a_day(bring, acme, survey):
    bring("answers", csv_file(HEADER, "Spring,0-10,9,2026-06-01,acme,,,r-1"))
    body = csv_file(HEADER, "Spring,0-10,4,2026-06-01,acme,,,r-1")
    assert wrong(bring("answers", body)) == {2: [("", "stands")]}
    job = bring("answers", body, history=True)
    assert (job.written, Answer.objects.get().score) == ({"bad": 0, "changed": 1}, 4)


def test_of_several_versions_the_newest_that_was_started_is_meant(bring, acme, survey):
    newer = lifecycle.start(lifecycle.new_version(survey, now=NOW, by=None), now=NOW + timedelta(minutes=1))
    lifecycle.new_version(newer, now=NOW, by=None)
    bring("answers", csv_file(HEADER, "Spring,0-10,9,2026-06-01,acme,,,"))
    assert (Answer.objects.get().survey, Survey.objects.count()) == (newer, 3)


def test_survey_and_scale_may_be_said_once_for_the_whole_file(client, lea, acme, survey):
    client.force_login(lea)
    job = steps.upload("answers", csv_file("Company id,NPS score,Date", "acme,9,2026-06-01", "acme,11,2026-06-01"), lea)
    page, path = client.get(f"/imports/{job.pk}/columns/").content.decode(), f"/imports/{job.pk}/columns/"
    assert "Survey of all rows" in page and "Spring" in page
    columns = {f"column-{i}": name for i, name in enumerate(["company_id", "score", "at"])}
    asked = {**columns, "history": "now", "once:survey": "Spring"}
    refused = client.post(path, asked)
    assert (refused.status_code, "Scale" in refused.content.decode()) == (400, True)
    refused = client.post(path, {**asked, "once:scale": "1-10"})
    assert (refused.status_code, "nobody could choose 0" in refused.content.decode()) == (400, True)
    assert client.post(path, {**asked, "once:scale": "0-10"}).status_code == 302
    job = steps.run(steps.worked(job))
    assert (job.written, wrong(job)) == ({"bad": 1, "new": 1}, {3: [("", "refused")]})
    assert Answer.objects.get().score == 9
