"""Answers as files: what the colleague sees, nothing a spreadsheet would run, of confidence the counts only."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook

from core.spreadsheets import cells
from staff.models import Role
from surveys.models import Answer
from surveys.results import rows as exported
from tests.conftest import NOW
from tests.pages import cast
from tests.surveys.conftest import company, running
from tests.surveys.results.conftest import answered


@pytest.fixture
def rows(client, maya):
    client.force_login(maya)

    def fetch(survey, **question):
        response = client.get(f"/surveys/{survey.pk}/answers.csv", question)
        assert response.status_code == 200
        text = b"".join(response).decode()
        assert text.startswith("\ufeff")
        return list(csv.DictReader(io.StringIO(text[1:])))

    return fetch


def test_a_row_says_who_what_and_when(rows, survey):
    answered(survey, {"score": 2, "wrong": "Slow"}, customer=company("Acme"))
    [row] = rows(survey)
    assert (row["customer"], row["contact"], row["email"]) == ("Acme", "Kim 0", "kim0@acme.example")
    assert (row["score"], row["group"], row["comment"], row["answer.wrong"]) == ("2", "detractor", "Slow", "Slow")
    assert (row["answered_at"], row["channel"]) == ("2026-06-14T12:00:00+00:00", "api")


def test_every_instant_names_its_zone_by_its_offset(rows, survey):
    answered(survey, {"score": 2, "wrong": "Slow"})
    Answer.objects.update(changed_at=NOW, closed_at=NOW, closed_note="Called")
    [row] = rows(survey)
    instants = [row[name] for name in ("answered_at", "changed_at", "loop_closed_at")]
    assert [datetime.fromisoformat(text).utcoffset() for text in instants] == [timedelta(0)] * 3


def test_choices_are_said_by_their_labels(rows, begun):
    answered(running("onboarding"), {"score": 7, "missing": ["1", "2"]})
    survey = running("onboarding")
    answered(survey, {"score": 7, "missing": ["1", "2"]}, start=50)
    assert rows(survey)[0]["answer.missing"] == "Data from our other tools, Training for my team"


FORMULAS = ["=1+1", "+49 30 1", "-2", "@SUM(A1)", "\t=1", " =1", "＝1", "|calc", "%1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(rows, client, survey, text):
    answered(survey, {"score": 2, "wrong": text})
    [row] = rows(survey)
    assert row["comment"].startswith("'")
    assert cells.plain(row["comment"]) == text
    sheet = workbook(client, survey)
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    assert "'" + text in [cell.value for cell in sheet[2]]


def workbook(client, survey):
    answer = client.get(f"/surveys/{survey.pk}/answers.xlsx")
    return load_workbook(io.BytesIO(b"".join(answer))).active


def test_a_workbook_holds_the_same(client, maya, survey):
    answered(survey, 9, {"score": 2, "wrong": "bell \x07"})
    client.force_login(maya)
    sheet = workbook(client, survey)
    assert [cell.value for cell in sheet[1]][:3] == ["answered_at", "customer", "customer_id"]
    assert {sheet.cell(row, 8).value for row in (2, 3)} == {9, 2}


def test_it_goes_on_where_a_batch_ended(rows, survey, monkeypatch):
    answered(survey, *[i % 11 for i in range(9)])
    monkeypatch.setattr(exported, "BATCH", 2)
    assert len({row["email"] for row in rows(survey)}) == 9
    monkeypatch.setattr(exported, "MOST", 5)
    assert len(rows(survey)) == 5


def test_it_holds_what_is_asked_for(rows, client, survey):
    answered(survey, 0, 10)
    assert [row["score"] for row in rows(survey, group="promoter")] == ["10"]
    assert client.get(f"/surveys/{survey.pk}/answers.csv?group=x").status_code == 404


def test_in_confidence_it_counts_and_names_nobody(rows, client, begun):
    survey = running(is_confidential=True)
    answered(survey, 10, 10, 10, 0, {"score": 0, "wrong": "Secret"})
    assert rows(survey) == [
        {"question": "score", "value": "0", "answers": "2"},
        {"question": "score", "value": "10", "answers": "3"},
    ]
    assert workbook(client, survey).max_row == 3


def test_only_of_whom_one_may_see(client, survey):
    answered(survey, {"score": 2, "wrong": "Slow"})
    client.force_login(cast.colleague("Lou", is_limited=True))
    assert "Slow" not in b"".join(client.get(f"/surveys/{survey.pk}/answers.csv")).decode()
    client.force_login(cast.colleague("Vera", Role.VIEWER))
    assert client.get(f"/surveys/{survey.pk}/answers.csv").status_code == 403
    assert client.get(f"/surveys/{survey.pk}/answers.xlsx").status_code == 403
