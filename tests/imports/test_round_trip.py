"""A table written as our exports write it, opened by the importer, gives the same data."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cells import plain, safe
from customers import lifecycle
from customers.models import Change, Customer, Identity
from imports import values
from imports.models import State
from staff.models import Team
from tests.conftest import NOW
from tests.imports import steps

pytestmark = pytest.mark.django_db

FIELDS = (
    "company_id", "rapport_id", "name", "domain", "kind", "stage", "plan", "seats", "mrr", "currency", "industry",
    "country", "owner", "second_owner", "team", "tags", "parent", "churned_on",
)  # fmt: skip
NAMES = ("=SUM(A1)", "+49 30 1234", "'tis", "’=x", 'Ünï, «quoted»\n"twice"', "＝full", "-", "@home", "007", "x" * 200)
ATTRIBUTES = {"Region": "EU", "employees": 120, "ratio": 1.5, "vip": True, "since": "007", "list": ["a", 1], "=x": "=y"}


def text(value):
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return safe(json.dumps(value, ensure_ascii=False))
    return safe(value) if isinstance(value, str) else str(value)


def exported(separator=","):
    ids = dict(Identity.objects.filter(kind="company").values_list("customer_id", "value"))
    out = io.StringIO(newline="")
    rows = csv.writer(out, delimiter=separator)
    names = sorted({name for customer in Customer.objects.all() for name in customer.attributes})
    rows.writerow([*FIELDS, "health", *(safe(f"attributes.{name}") for name in names)])
    for one in Customer.objects.order_by("pk"):
        own = {
            "company_id": ids.get(one.pk),
            "owner": one.owner and one.owner.email,
            "second_owner": one.second_owner and one.second_owner.email,
            "team": one.team and one.team.name,
            "tags": ", ".join(one.tags),
            "parent": ids.get(one.parent_id),
        }
        cells = [own.get(name, getattr(one, name, None)) for name in FIELDS]
        rows.writerow([*map(text, cells), "71", *(text(one.attributes.get(name)) for name in names)])
    return out.getvalue()


@pytest.fixture
def portfolio(lea):
    team = Team.objects.create(name="North = South")
    lifecycle.upsert(
        [
            {
                "company_id": f"c{i}",
                "name": name,
                "stage": ("active", "trial", "churned")[i % 3],
                "churned_on": date(2026, 2, 1) if i % 3 == 2 else None,
                "mrr": Decimal(i * 1234) / 100 if i else None,
                "seats": i or None,
                "currency": "USD",
                "owner_id": lea.pk,
                "team_id": team.pk if i % 2 else None,
                "tags": ["vip", "beta"] if i % 2 else [],
                "attributes": ATTRIBUTES if i % 2 else {},
            }
            for i, name in enumerate(NAMES)
        ],
        now=NOW,
    )
    made = lifecycle.upsert([{"company_id": "mother"}], now=NOW)
    lifecycle.edit({Customer.objects.earliest("pk").pk: {"parent_id": made["mother"]}}, now=NOW, by=None)


def state():
    ids = dict(Identity.objects.filter(kind="company").values_list("customer_id", "value"))
    rows = Customer.objects.values()
    own = {"id", "parent_id", "created_at", "set_at"}
    return sorted(
        (
            [ids[row["id"]], ids.get(row["parent_id"]), {name: row[name] for name in row if name not in own}]
            for row in rows
        ),
        key=str,
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_was_exported_changes_nothing_when_it_comes_back(portfolio, bring, encoding, separator):
    job = bring("customers", exported(separator).encode(encoding))
    assert job.written == {"bad": 0, "same": len(NAMES) + 1}, steps.wrong(job)


def test_what_was_exported_makes_the_same_customers_in_an_empty_place(portfolio, bring):
    before, table = state(), exported()
    for model in (Change, Identity):
        model.objects.all().delete()
    Customer.objects.update(parent=None)
    Customer.objects.all().delete()
    job = bring("customers", _without_our_ids(table).encode())
    assert (job.state, job.found) == (State.DONE, {"bad": 0, "new": len(NAMES) + 1}), steps.wrong(job)
    assert state() == before


def _without_our_ids(table):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for i, row in enumerate(csv.reader(io.StringIO(table))):
        writer.writerow(row if i == 0 else [row[0], "", *row[2:]])
    return out.getvalue()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_text_made_safe_is_itself_again(said):
    assert plain(safe(said)) == said


@given(st.recursive(st.booleans() | st.integers(-9999, 9999) | st.text("ab=[{", min_size=1), lambda x: st.lists(x)))
def test_any_attribute_that_is_no_number_in_words_keeps_its_type(value):
    written = values.as_text(value)
    assert values.as_text(values.typed(written)) == written
