"""The list of customers at risk as a file: the page's rows, order and figures."""

import csv

import pytest
from django.conf import settings

from desk.at_risk import export
from staff.models import Role
from tests.pages import cast

pytestmark = pytest.mark.django_db

FILE = "/at-risk/export/"
QUERIES = 7  # session, colleague, owner to filter by, customers, reasons, since when, version of yesterday


def lines(client, **query):
    response = client.get(FILE, query)
    assert response.status_code == 200
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(body.splitlines()))


def test_the_file_has_the_rows_of_the_page_in_its_order(client, maya, monkeypatch):
    monkeypatch.setattr(export, "BATCH", 2)
    client.force_login(maya)
    for n in range(5):
        cast.at_risk(f"Customer {n}", pays=str(100 * n) if n else None, owner=maya if n % 2 else None)
    rows = lines(client)
    assert [row["name"] for row in rows] == [f"Customer {n}" for n in (4, 3, 2, 1, 0)]
    assert [row["revenue_at_risk"] for row in rows] == ["400.00", "300.00", "200.00", "100.00", ""]
    assert rows[0]["why"] == "health is low at 20"
    assert (rows[1]["owner"], rows[1]["health"], rows[1]["currency"]) == (maya.email, "20", "EUR")
    assert [row["name"] for row in lines(client, owner=str(maya.pk))] == ["Customer 3", "Customer 1"]
    assert client.get(FILE, {"owner": "x"}).status_code == 404


def test_the_words_are_the_readers(client, maya):
    cast.at_risk("Customer")
    client.force_login(maya)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    [row] = lines(client)
    assert row["why"] == "la santé est basse, à 20"


def test_a_viewer_takes_no_file_and_a_limited_colleague_their_own(client, maya):
    cast.at_risk("Foreign")
    client.force_login(cast.colleague("Vic", Role.VIEWER))
    assert client.get(FILE).status_code == 403
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    cast.at_risk("Own", owner=lou)
    client.force_login(lou)
    assert [row["name"] for row in lines(client)] == ["Own"]


def test_it_asks_as_often_for_one_as_for_many(client, maya, django_assert_num_queries):
    client.force_login(maya)
    for n in range(9):
        cast.at_risk(f"Customer {n}", owner=maya)
        if n in (0, 8):
            with django_assert_num_queries(QUERIES):
                assert len(lines(client)) == n + 1
