"""Attributes and derived figures as columns of the list, each said by its type; the file has the same."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from customers.models import AttributeDefinition, AttributeType, Stage
from desk.list import cells
from desk.list.attribute_values import meant
from desk.list.list_columns import ALL
from playbooks import lifecycle as tasks
from records.models import Note
from scoring.explain.key_actions import Progress
from scoring.explain.trends import DAYS, Trend
from scoring.templatetags import scores
from tests.conftest import NOW
from tests.pages import cast

LIST = "/customers/"


@pytest.fixture
def defined(begun):
    rows = [
        ("size", "Shops", AttributeType.NUMBER, []),
        ("since", "Partner since", AttributeType.DAY, []),
        ("beta", "In the beta", AttributeType.YES_NO, []),
        ("tier", "Tier", AttributeType.OPTION, ["gold", "silver"]),
        ("note", "Remark", AttributeType.TEXT, []),
    ]
    for key, label, kind, options in rows:
        AttributeDefinition.objects.create(key=key, label=label, type=kind, options=options)
    return [f"attributes.{row[0]}" for row in rows]


def test_an_attribute_with_a_definition_is_a_column_said_by_its_type(page, defined):
    given = {"size": "1234.5", "since": "2026-06-10T08:00:00Z", "beta": True, "tier": "gold", "note": "<b>new</b>"}
    cast.customer("Acme", attributes=given)
    seen = page(LIST, columns=defined)
    for value in ("Shops", "1,234.5", "10 Jun 2026", ">Yes<", ">gold<", "&lt;b&gt;new&lt;/b&gt;"):
        assert value in seen
    assert '<td role="cell" class="number" data-label="Shops">' in seen


@pytest.mark.parametrize(
    ("value", "kind", "meaning"),
    [
        ("7 or so", "number", None), (True, "number", None), ("7", "number", Decimal(7)),
        (5.5, "number", Decimal("5.5")),
        ("2026-13-45", "day", None), (5, "day", None), ("True", "yes_no", True), ("maybe", "yes_no", None),
        ("", "text", None), ({"a": 1}, "text", None), (0, "text", "0"), (False, "yes_no", False),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_its_type_is_unknown(value, kind, meaning):
    assert meant(value, kind) == meaning


def test_a_column_whose_definition_is_gone_empties_no_list(page, defined):
    cast.customer("Acme")
    AttributeDefinition.objects.all().delete()
    assert "<bdi>Acme</bdi>" in page(LIST, columns=[*defined, "mrr"])
    assert "This filter is not valid" in page(LIST, columns=["no_such"])


def test_last_contact_and_the_task_due_next(page, maya):
    acme = cast.customer("Acme")
    Note.objects.create(customer=acme, kind="call", text="x", at=NOW - timedelta(days=12), author=maya)
    tasks.add(acme, title="Send the report", by=maya, now=NOW, due_on=cast.TODAY - timedelta(days=1))
    tasks.add(acme, title="Later", by=maya, now=NOW)
    seen = page(LIST, columns=["last_contact", "next_task"])
    assert "Call, " in seen and "3 Jun" in seen
    assert "Send the report" in seen and "Later" not in seen and 'class="text-danger"' in seen


def test_every_column_is_written_and_unknown_is_a_dash(page):
    cast.customer("Never scored")
    left = cast.customer("Gone", stage=Stage.CHURNED, churned_on=cast.TODAY)
    cast.score(left, coverage=7_050, monthly_value=Decimal("99.50"), health=None, health_band=None)
    seen = page(LIST, columns=[column.name for column in ALL], stage="all")
    assert "70%" in seen and "15 Jun 2026" in seen and "None" not in seen


def test_the_file_has_the_columns_of_the_list(client, maya):
    client.force_login(maya)
    acme = cast.customer("Acme")
    cast.score(acme, health_change_30=-1_250, coverage=9_000, monthly_value=Decimal("10.50"))
    Note.objects.create(customer=acme, kind="meeting", text="x", at=NOW, author=maya)
    tasks.add(acme, title="=1+1", by=maya, now=NOW, due_on=cast.TODAY)
    text = b"".join(client.get("/customers/export.csv")).decode()[1:]
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["health_change_30"], row["coverage"], row["monthly_value"]) == ("-12.5", "90", "10.50")
    assert (row["last_contact"], row["last_contact_on"]) == ("Meeting", "2026-06-15")
    assert (row["next_task"], row["next_task_due_on"]) == ("'=1+1", "2026-06-15")


SCORES = [
    {},
    {"health": None, "health_band": None, "engagement": None, "engagement_band": None, "coverage": 3_000},
    {"health": 50, "health_band": "red", "engagement": -1_250, "engagement_band": "churn_risk"},
    {"health_band": "new", "coverage": 5_550},
    {"engagement": 1_234_567, "engagement_band": "power_user"},
]


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
@pytest.mark.parametrize("fields", SCORES)
def test_cells_look_as_the_parts_of_other_pages_do(begun, language, fields):
    """They are written twice, for speed: by templates where there is one, by functions where there are hundreds."""
    score = cast.score(cast.customer("Acme"), health_change_7=-250, health_change_30=99, **fields)
    score.progress = Progress(1, 3)
    trend = Trend(cast.TODAY - timedelta(days=DAYS))
    for day in range(5):
        trend.write(trend.first + timedelta(days=day), 100 * day, 5_000, 1 if day < 3 else 2)
    line = cells.Line(score.customer, score, cast.TODAY, trend)
    with translation.override(language):
        for name, template, context in (
            ("health", "scoring/health.html", {"score": score}),
            ("engagement", "scoring/engagement.html", {"score": score}),
            ("health_change_7", "components/change.html", {"hundredths": score.health_change_7}),
            ("health_change_30", "components/change.html", {"hundredths": score.health_change_30}),
            ("engagement_change_7", "components/change.html", {"hundredths": None}),
            ("health_trend", "components/sparkline.html", scores.health_trend(trend)),
            ("engagement_trend", "components/sparkline.html", scores.engagement_trend(trend)),
        ):
            assert plain(cells.CELLS[name](line)) == plain(render_to_string(template, context)), name


def plain(html):
    """Leave away the space between tags, and between tags and words."""
    return re.sub(r"\s*([<>])\s*", r"\1", " ".join(html.split())).replace(" >", ">")
