"""The pages of a back-test, as admins and leads see them."""

import re
from datetime import date

import pytest
import time_machine
from django.db import connection

from customers.models import Customer
from scoring.backtest import work
from scoring.model_versions import versions
from scoring.models import BackTest, ScoringModel
from staff.models import Role, User
from tests.conftest import NOW
from tests.pages import cast
from tests.queries import OnPages
from tests.scoring.backtest import story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def told(begun):
    return story.tell()


@pytest.fixture
def ada(client, begun):
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    return client


@pytest.fixture
def model(told):
    return story.draft()


def seen(response, status=200):
    assert response.status_code == status, response.content[:300]
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def asked(**changes):
    """What the form sends for the days of the story: 31 March and 1 May."""
    said = {"outcome": "churned", "horizon": "30", "last_on": "2026-05-01", "number": "2", "every": "31"}
    return {**said, "judged": "engagement", "calls": "120", **changes}


def done(client, model, **changes):
    path = client.post(f"/models/{model.pk}/back-test/", asked(**changes)).headers["Location"]
    work.go_on(clock=lambda: NOW)
    return path


def test_a_back_test_goes_from_the_form_to_its_first_sentence(ada, model):
    page = seen(ada.get(f"/models/{model.pk}/back-test/"))
    assert "The earlier test dates are used to fit, the later ones to test." in page
    answer = ada.post(f"/models/{model.pk}/back-test/", asked())
    path = answer.headers["Location"]
    assert "It starts in a few seconds if a worker is running." in seen(ada.get(path))
    work.go_on(clock=lambda: NOW)
    page = seen(ada.get(path))
    assert (
        "Of the 120 customers with the lowest engagement on Friday, 1 May 2026, 60 left within 30 days; by chance it"
        " would have been 35." in page
    )
    assert "In 75 of 100 pairs of a customer with the outcome and one without, the first scores lower" in page
    assert "It ranks better than the rule “number of events”" in page
    assert "No clear difference from the current version" in page
    assert "churn risk 120 60 50.0%" in page.lower()


def test_the_form_says_what_is_wrong_and_starts_nothing(ada, model):
    path = f"/models/{model.pk}/back-test/"
    page = seen(ada.post(path, asked(last_on="2026-06-15")), 400)
    assert "Choose a day up to Sunday, 14 June 2026." in page
    page = seen(ada.post(path, asked(outcome="quiet", quiet_days="31")), 400)
    assert "The horizon is shorter than that." in page
    assert not BackTest.objects.exists()


def test_what_was_asked_is_kept_as_it_was_asked(ada, model):
    failed = model.weights.get(event_type__name="Payment failed").event_type_id
    changes = {"outcome": "quiet", "quiet_days": "", "least_fall": "9", "least_days": "7", f"limit-{failed}": "-1"}
    ada.post(f"/models/{model.pk}/back-test/", asked(**changes))
    job = BackTest.objects.get()
    assert (job.outcome, job.horizon, job.quiet_days, job.least_fall, job.least_days) == ("quiet", 30, 30, 0, 7)
    assert job.days == [date(2026, 3, 31), date(2026, 5, 1)] and job.signs == {str(failed): -1}
    assert job.by.name == "Ada" and job.last_whole_day == date(2026, 6, 14)


def test_too_few_outcomes_are_refused_with_the_reason_and_the_numbers(ada, model):
    page = seen(ada.get(done(ada, model, horizon="9")))
    assert "No figures: on the later dates, 60 customers had the outcome" not in page
    page = seen(ada.get(done(ada, model, horizon="8")))
    assert "No figures: on the later dates, 0 customers had the outcome, and at least 50 are needed." in page
    assert "How well each ranks" not in page and "Test dates" in page


def test_immature_days_are_told(ada, model):
    page = seen(ada.get(done(ada, model, last_on="2026-06-01", number="3", every="31")))
    assert "1 date is left out: its horizon is not over, so the outcome is not known yet (170 scores)." in page


def test_it_can_be_cancelled_from_its_page(ada, model):
    path = ada.post(f"/models/{model.pk}/back-test/", asked()).headers["Location"]
    assert ada.post(f"{path}cancel/").headers["Location"] == path
    assert "It was cancelled before it finished." in seen(ada.get(path))
    page = seen(ada.post(f"{path}cancel/", follow=True))
    assert "It finished before it could be cancelled." in page


def test_each_table_comes_home_as_csv_with_its_raw_numbers(ada, model):
    path = done(ada, model)
    lines = b"".join(ada.get(f"{path}bands.csv")).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("band,scores,outcomes,expected,")
    assert lines[1].startswith("churn_risk,120,60,0.5,")
    for name in ("comparison", "lift", "half-lives", "weights", "days"):
        assert ada.get(f"{path}{name}.csv").status_code == 200
    assert ada.get(f"{path}nothing.csv").status_code == 404


def test_pages_and_files_of_a_segments_version_name_the_segment_and_what_it_is_compared_with(ada, told):
    model = story.segment_draft(told, User.objects.get(name="Ada"))
    form = seen(ada.get(f"/models/{model.pk}/back-test/"))
    assert "This version is for the segment “Pro plans”: it is tested on the customers who are in the segment" in form
    path = done(ada, model)
    page = seen(ada.get(path))
    assert "Tested on the 180 customers who are in the segment “Pro plans” as it stands now, on each of the" in page
    everybody = ScoringModel.objects.current().pk
    assert f"Compared with version {everybody}, the model for all customers, which scores this segment now." in page
    lines = b"".join(ada.get(f"{path}days.csv")).decode("utf-8-sig").splitlines()
    assert lines[0].endswith(",lost,segment")
    assert all(line.endswith(",Pro plans") for line in lines[1:])


def test_pages_of_a_version_for_everybody_say_nothing_of_segments(ada, model):
    versions.publish(story.segment_draft(list(Customer.objects.order_by("pk")), User.objects.get()), now=NOW, by=None)
    page = seen(ada.get(done(ada, model)))
    assert "segment" not in page.split("AUC")[0].lower().split("back-test")[-1]


def test_an_admin_makes_a_draft_of_the_suggestion_and_a_lead_does_not(ada, model, client):
    path = done(ada, model)
    assert "Make a draft of the suggestion" in seen(ada.get(path))
    answer = ada.post(f"{path}draft/")
    made = ScoringModel.objects.latest("pk")
    assert answer.headers["Location"] == f"/admin/scoring/scoringmodel/{made.pk}/change/"
    assert made.status == "draft"
    client.force_login(cast.colleague("Lea", Role.LEAD))
    assert "Make a draft" not in seen(client.get(path))
    assert client.post(f"{path}draft/").status_code == 403


def test_the_form_asks_the_database_as_often_for_twenty_earlier_back_tests_as_for_one(ada, model):
    def queries():
        with OnPages(connection) as asked_for:
            ada.get(f"/models/{model.pk}/back-test/")
        return len(asked_for)

    ada.post(f"/models/{model.pk}/back-test/", asked())
    ada.get(f"/models/{model.pk}/back-test/")
    few = queries()
    for _ in range(19):
        ada.post(f"/models/{model.pk}/back-test/", asked())
    assert queries() == few <= 12


def test_who_does_not_see_all_customers_sees_no_back_test(ada, model, client):
    path = done(ada, model)
    client.force_login(cast.colleague("Cem", Role.CSM))
    for address in (path, f"{path}days.csv", f"/models/{model.pk}/back-test/"):
        assert client.get(address).status_code == 403
    for address in (f"{path}cancel/", f"{path}draft/", f"/models/{model.pk}/back-test/"):
        assert client.post(address).status_code == 403
