"""What the customer list exports, opened by the importer, gives the same data."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spreadsheets import cells
from customers import lifecycle
from customers.models import Change, Customer, Identity
from imports.cells import values
from imports.models import State
from staff.models import Team
from tests.conftest import NOW
from tests.imports import steps
from tests.pages import cast

pytestmark = pytest.mark.django_db

NAMES = (
    "=SUM(A1)", "+49 30 1234", "-", "-2+3", "@home", "\t=1", "\r=1", "\n=1", " =1", "|calc", "%1", "'=1", "''@x",
    "'tis", "’=x", "＝full", "＋1", "－1", "＠wide", 'Ünï, «quoted» "twice"', '"', "a b c", "007",
    "北京 🏢", "עברית", "outer spaces ", "\u00a0wide\u3000", "x" * 200,
)  # fmt: skip
TAGS = ["vip", "a, b", "c; d", 'say "x"', '"', "two words", "=1+1", "+1", "'=2", "５，６", "ends,"]
ATTRIBUTES = {
    "Region": "EU", "employees": 120, "ratio": 1.5, "vip": True, "since": "007", "list": ["a", 1], "=x": "=y",
    "loss": -5, "kept": " as it is ", "a,b": "c\nd",
}  # fmt: skip
OWN = {"id", "created_at", "set_at", "field_origins", "labels", "search"}


def row(i, name, owner, team):
    return {
        "name": name,
        "plan": name[:100],
        "kind": ("company", "person")[i % 2],
        "stage": ("active", "trial", "churned")[i % 3],
        "churned_on": date(2026, 2, 1) if i % 3 == 2 else None,
        "mrr": Decimal(i * 1234) / 100 if i else None,
        "seats": i or None,
        "currency": "USD",
        "owner_id": owner.pk,
        "second_owner_id": owner.pk if i % 2 else None,
        "team_id": team.pk if i % 2 else None,
        "tags": TAGS if i % 2 else [],
        "attributes": ATTRIBUTES if i % 2 else {},
    }


@pytest.fixture
def portfolio(lea):
    """Companies with a company id, as many without, and parents of both sorts."""
    team = Team.objects.create(name="North = South")
    said = [row(i, name, lea, team) for i, name in enumerate(NAMES)]
    ids = ["=c0", "+c1", "c,2", 'c"3', *(f"c{i}" for i in range(4, len(NAMES)))]
    named = lifecycle.upsert([{**one, "company_id": ids[i]} for i, one in enumerate(said)], now=NOW)
    nameless = [lifecycle.create(one, now=NOW, by=lea) for one in said]
    mother = lifecycle.upsert([{"company_id": "mother"}], now=NOW)["mother"]
    parents = {named["=c0"]: mother, nameless[0]: mother, nameless[1]: nameless[2], named["+c1"]: nameless[3]}
    lifecycle.edit({pk: {"parent_id": parent} for pk, parent in parents.items()}, now=NOW, by=None)
    return parents


@pytest.fixture
def exported(client):
    """Return the file that the list's page gives an admin, with those who churned."""

    def exported(**question):
        client.force_login(cast.colleague("Exa", "admin"))
        response = client.get("/customers/export.csv", {"stage": "all", **question})
        assert response.status_code == 200
        return b"".join(response)

    return exported


def state():
    return list(Customer.objects.order_by("pk").values())


def table_of(body):
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def written(table, separator=","):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(table)
    return out.getvalue()


def test_what_was_exported_changes_nothing_when_it_comes_back(portfolio, exported, bring):
    before = state()
    job = bring("customers", exported())
    assert job.written == {"bad": 0, "same": 2 * len(NAMES) + 1}, steps.wrong(job)
    assert state() == before


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (";", "utf-16")])
def test_a_spreadsheet_may_have_saved_it_anew(portfolio, exported, bring, separator, encoding):
    job = bring("customers", written(table_of(exported()), separator).encode(encoding))
    assert job.written == {"bad": 0, "same": 2 * len(NAMES) + 1}, steps.wrong(job)


def test_it_brings_back_what_was_lost_since_also_for_companies_without_a_company_id(portfolio, exported, bring):
    before, table = state(), exported()
    Customer.objects.update(
        name="?", kind="company", plan="?", stage="active", churned_on=None, mrr=1, seats=1, tags=["?"],
        owner=None, team=None, attributes={"Region": "?", "loss": 0}, parent=None,
    )  # fmt: skip
    job = bring("customers", table)
    assert job.written == {"bad": 0, "changed": 2 * len(NAMES) + 1}, steps.wrong(job)
    wanted = {one["id"]: one for one in before}
    for one in state():
        assert without_what_is_empty(one, wanted[one["id"]]) == without_what_is_empty(
            wanted[one["id"]], wanted[one["id"]]
        )
    assert dict(Customer.objects.exclude(parent=None).values_list("pk", "parent")) == portfolio


def without_what_is_empty(one, wanted):
    """An empty cell leaves a field as it is; cells are read without blanks around them."""
    kept = {name: one[name] for name, value in wanted.items() if value not in (None, "", [], {}) and name not in OWN}
    attributes = {name: text(value) for name, value in kept.pop("attributes", {}).items()}
    return {name: text(value) for name, value in kept.items()} | {"attributes": attributes}


def text(value):
    return value.strip() if isinstance(value, str) else value


def test_it_makes_the_same_customers_in_an_empty_place(portfolio, exported, bring):
    """Our own ids mean nothing there: those two columns are left out."""
    lifecycle.edit({pk: {"parent_id": None} for pk in portfolio}, now=NOW, by=None)
    named = Identity.objects.filter(kind="company")
    before = {one.value: plain(one.customer) for one in named.select_related("customer")}
    Customer.objects.exclude(identities__in=named).delete()
    table = exported()
    for model in (Change, Identity):
        model.objects.all().delete()
    Customer.objects.all().delete()
    job = steps.upload("customers", table, cast.colleague("Nia", "lead"))
    job = steps.run(steps.check(job, ["" if name.endswith("rapport_id") else name for name in job.mapping]))
    assert (job.state, job.written) == (State.DONE, {"bad": 0, "new": len(NAMES) + 1}), steps.wrong(job)
    assert {one.value: plain(one.customer) for one in named.all().select_related("customer")} == before


def plain(customer):
    one = {name: text(value) for name, value in vars(customer).items() if name not in {*OWN, "_state"}}
    return {**one, "attributes": {name: text(value) for name, value in customer.attributes.items()}}


def test_no_cell_of_it_starts_a_formula(portfolio, exported):
    """A number below zero is a number: the only cells that may begin with a sign."""
    cells_ = [cell for row in table_of(exported()) for cell in row]
    assert len(cells_) > 2_000
    for cell in cells_:
        is_number = cell.removeprefix("-").replace(".", "", 1).isdecimal()
        assert cell.startswith("'") or cells.safe(cell) == cell or is_number, cell


def test_tags_that_hold_separators_are_told_apart():
    assert cells.joined(["vip", "a, b", 'say "x"', "c;d"]) == 'vip, "a, b", "say ""x""", "c;d"'
    assert cells.words('vip, "a, b", "say ""x""", "c;d"') == ["vip", "a, b", 'say "x"', "c;d"]
    assert cells.words('vip;beta\n gold ,,vip, 17" screens, "open') == ["vip", "beta", "gold", '17" screens', '"open']


WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9), unique=True)


@given(WORDS | st.lists(st.text('",; \n\ta', min_size=1), unique=True))
def test_any_tags_come_back(said):
    assert cells.words(cells.plain(cells.safe(cells.joined(said)))) == said


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_text_made_safe_is_itself_again(said):
    assert cells.plain(cells.safe(said)) == said


@given(st.recursive(st.booleans() | st.integers(-9999, 9999) | st.text("ab=[{", min_size=1), lambda x: st.lists(x)))
def test_any_attribute_that_is_no_number_in_words_keeps_its_type(value):
    written = values.as_text(value)
    assert values.as_text(values.typed(written)) == written
