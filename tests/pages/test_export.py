"""The export: what the question finds, in the importer's words, and nothing in it that a spreadsheet would run."""

import csv
import io
from decimal import Decimal

import pytest

from core.spreadsheets import cells
from customers import lifecycle
from customers.models import Customer, Stage
from desk.list import export
from staff.models import Role, Team
from tests.conftest import NOW
from tests.pages import cast

URL = "/customers/export.csv"


@pytest.fixture
def rows(client, maya):
    client.force_login(maya)

    def fetch(**question):
        response = client.get(URL, question)
        assert response.status_code == 200
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        text = b"".join(response).decode()
        assert text.startswith("\ufeff")
        return list(csv.DictReader(io.StringIO(text[1:])))

    return fetch


def test_a_row_has_what_the_importer_reads_and_what_we_computed(rows, maya):
    north = Team.objects.create(name="North")
    row = {
        "company_id": "acme", "name": "Acme", "domain": "acme.example", "stage": Stage.CHURNED, "plan": "Business",
        "seats": 5, "mrr": Decimal("1250.50"), "currency": "USD", "industry": "Energy", "country": "France",
        "owner_id": maya.pk, "team_id": north.pk, "tags": ["a", "b"], "churned_on": cast.TODAY,
        "attributes": {"tier": "gold", "beta": True, "stores": 3},
    }  # fmt: skip
    made = lifecycle.upsert([row, {"company_id": "child", "name": "Child"}], now=NOW)
    Customer.objects.filter(pk=made["child"]).update(parent=made["acme"])
    cast.score(Customer.objects.get(pk=made["acme"]), engagement=-1_050, engagement_band="churn_risk", health=4_999)
    acme, child = rows(stage="all")
    assert acme == {
        "company_id": "acme", "rapport_id": str(made["acme"]), "name": "Acme", "domain": "acme.example",
        "kind": "company", "stage": "churned", "plan": "Business", "seats": "5", "mrr": "1250.50",
        "currency": "USD", "industry": "Energy", "country": "France", "owner": "maya@example.com", "second_owner": "",
        "team": "North", "tags": "a, b", "parent": "", "parent_rapport_id": "",
        "churned_on": "2026-06-15", "health": "49.99", "health_band": "yellow", "engagement": "-10.5",
        "engagement_band": "churn_risk", "last_active_on": "2026-06-15", "renews_on": "",
        "coverage": "100", "health_change_7": "", "health_change_30": "", "engagement_change_7": "",
        "engagement_change_30": "", "monthly_value": "", "last_contact": "", "last_contact_on": "", "next_task": "",
        "next_task_due_on": "",
        "attributes.beta": "true", "attributes.stores": "3", "attributes.tier": "gold",
    }  # fmt: skip
    assert (child["parent"], child["parent_rapport_id"]) == ("acme", str(made["acme"]))
    assert (child["health"], child["mrr"]) == ("", "")


FORMULAS = ["=1+1", "+49 30 1", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "|calc", "%1", "\n=1", "'=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_and_the_text_comes_back(rows, text):
    cast.customer(text, plan=text, attributes={text: text})
    (row,) = rows()
    for name, cell in row.items():
        if cell and name not in ("kind", "stage", "currency"):
            assert cell.startswith("'"), (name, cell)
            assert cells.plain(cell) == text
    assert f"attributes.{text}" in row


def test_it_holds_whom_the_question_finds_and_no_more_than_the_most(rows, monkeypatch):
    for n in range(5):
        cast.customer(f"Customer {n}", plan="A" if n < 4 else "B")
    monkeypatch.setattr(export, "MOST", 3)
    monkeypatch.setattr(export, "BATCH", 2)
    assert [row["name"] for row in rows(plan="a")] == ["Customer 0", "Customer 1", "Customer 2"]
    assert [row["name"] for row in rows(plan="B", sort="-name", columns="mrr")] == ["Customer 4"]


def test_a_question_that_cannot_be_answered_has_no_file(client, maya):
    client.force_login(maya)
    assert client.get(URL, {"heath": "red"}).status_code == 404


def test_only_whom_one_may_see(client, maya):
    cast.customer("Of Maya", owner=maya)
    client.force_login(cast.colleague("Lou", is_limited=True))
    assert "Of Maya" not in b"".join(client.get(URL)).decode()
    client.force_login(cast.colleague("Vera", Role.VIEWER))
    assert client.get(URL).status_code == 403


def test_it_asks_as_often_for_three_as_for_thirty(client, maya, django_assert_num_queries):
    client.force_login(maya)
    for n in range(30):
        cast.customer(f"Customer {n}", attributes={f"a{n}": n})
    with django_assert_num_queries(11):  # who, choices, attributes, one batch with what is logged, and no other
        b"".join(client.get(URL))
