"""The page that takes a score apart, and its file; what it says adds up."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest

from scoring.model_versions import versions
from scoring.models import Override, ScoringModel
from scoring.runs import run
from tests.conftest import NOW
from tests.pages import cast

TODAY = NOW.date()


@pytest.fixture
def acme_page(client, maya):
    acme = cast.customer("Acme")
    cast.counted(acme, "Report created", 1, 2, 40, count=2)
    cast.counted(acme, "Payment failed", 3)
    run.score_everyone(now=NOW)
    client.force_login(maya)

    def look(query="", end="score/"):
        return client.get(f"/customers/{acme.pk}/{end}{query}")

    return look


def test_a_line_opens_to_its_days_and_they_lead_to_the_events(acme_page):
    page = acme_page().content.decode()
    assert "Report created on 2 days" in page
    day = TODAY - timedelta(days=1)
    assert f"since={day:%Y-%m-%d}&amp;until={day:%Y-%m-%d}" in page
    assert "95.48%" in page  # 2^(−1/15)


def test_a_past_day_is_made_again_as_it_was_known(acme_page):
    explanation = acme_page(f"?as_of={TODAY - timedelta(days=38):%Y-%m-%d}").context["explanation"]
    [line] = explanation.lines
    assert (line.event_type.name, line.count, [day.count for day in line.days]) == ("Report created", 2, [2])


def test_what_became_known_later_counts_when_asked_for(acme_page):
    acme = acme_page().context["customer"]
    cast.counted(acme, "Meeting held", 40, known=0)
    day = f"{TODAY - timedelta(days=38):%Y-%m-%d}"
    assert {line.event_type.name for line in acme_page(f"?as_of={day}").context["explanation"].lines} == {
        "Report created"
    }
    late = acme_page(f"?as_of={day}&known_on={TODAY:%Y-%m-%d}").context["explanation"].lines
    assert {line.event_type.name for line in late} == {"Report created", "Meeting held"}


def test_another_version_gives_another_score(acme_page):
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    draft.weights.update(points=Decimal(1))
    explanation = acme_page(f"?model={draft.pk}").context["explanation"]
    assert {line.points for line in explanation.lines} == {Decimal(1)}


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("?as_of=yesterday", "Enter a valid date"),
        ("?as_of=2099-01-01", "Choose a day up to today"),
        ("?as_of=0001-01-01", "Choose a day of this century"),
        ("?as_of=2026-06-10&known_on=2026-06-09", "Choose the day itself or a later one"),
        ("?model=999", "There is no version 999"),
        ("?modell=1", "modell"),
    ],
)
def test_a_bad_question_gets_no_score_but_a_reason(acme_page, question, says):
    answer = acme_page(question)
    assert answer.context["explanation"] is None
    assert says in answer.content.decode()
    assert acme_page(question, "score.csv").status_code == 404


def test_one_more_says_what_the_next_event_would_do(acme_page):
    explanation = acme_page().context["explanation"]
    changes = {effect.event_type.name: effect.engagement for effect in explanation.next_event_effects}
    assert (changes["Report created"], changes["Payment failed"]) == (2_00, -6_00)
    assert "Email sent" not in changes


def test_the_file_adds_up_like_the_page(acme_page):
    body = acme_page(end="score.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    for part in ("engagement", "health"):
        lines = [Decimal(row["contribution"]) for row in rows if row["part"] == part and row["name"] != "total"]
        [total] = [row["contribution"] for row in rows if row["part"] == part and row["name"] == "total"]
        assert sum(lines) == Decimal(total)


def test_a_colleague_sets_health_on_a_page_and_takes_it_back(acme_page, client):
    acme = acme_page().context["customer"]
    path = f"/customers/{acme.pk}/override/"
    answer = client.post(path, {"health": "150", "reason": "", "until": "2020-01-01"})
    assert answer.status_code == 200
    assert not Override.objects.exists()
    client.post(path, {"health": "35", "reason": "The sponsor leaves", "until": f"{TODAY:%Y-%m-%d}"})
    page = client.get(f"/customers/{acme.pk}/score/").content.decode()
    assert "The sponsor leaves" in page
    client.post(path, {"take_back": "1"})
    assert Override.objects.get().ended_at == NOW
