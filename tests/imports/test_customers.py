"""Customers by file: what is wrong is told row by row, and a file twice is a file once."""

from datetime import date
from decimal import Decimal

import pytest

from customers.models import Change, Customer, FieldSource, Identity
from imports.models import Import, State
from staff.models import Team
from tests.imports import steps
from tests.imports.files import csv_file, workbook
from tests.imports.steps import wrong

pytestmark = pytest.mark.django_db

WHOLE = csv_file(
    "Company id;Name;Stage;Seats;Monthly revenue;Currency;Owner;Team;Tags;Parent;Churned on;Region",
    "acme;Acme;active;25;1.200,50;eur;lea@example.com;North;vip, beta;;;EU",
    "birch;Birch;Churned;;;;;;;acme;31.01.2026;",
)


def by_company(company):
    return Identity.objects.get(kind="company", value=company).customer


def test_every_field_arrives(bring, lea):
    team = Team.objects.create(name="North")
    job = steps.upload("customers", WHOLE, lea)
    assert job.mapping[-1] == ""
    job = steps.run(steps.check(job, [*job.mapping[:-1], "+"]))
    assert (job.state, job.written) == (State.DONE, {"bad": 0, "new": 2})
    acme, birch = by_company("acme"), by_company("birch")
    assert (acme.name, acme.seats, acme.mrr, acme.currency) == ("Acme", 25, Decimal("1200.50"), "EUR")
    assert (acme.owner, acme.team, acme.tags, acme.attributes) == (lea, team, ["vip", "beta"], {"Region": "EU"})
    assert (birch.stage, birch.churned_on, birch.parent, birch.attributes) == ("churned", date(2026, 1, 31), acme, {})


def test_a_file_twice_is_a_file_once(bring):
    body = csv_file("Company id,Name", "a,Ann", "b,Bob")
    bring("customers", body)
    before = list(Customer.objects.order_by("pk").values())
    job = bring("customers", body)
    assert job.written == {"bad": 0, "same": 2}
    assert list(Customer.objects.order_by("pk").values()) == before
    assert not Change.objects.exists()


def test_an_empty_cell_leaves_what_stands_and_a_change_names_who_made_it(bring, acme, lea):
    job = bring("customers", csv_file("Company id,Name,Monthly revenue,Plan", "acme,,,Pro"))
    assert job.written == {"bad": 0, "changed": 1}
    customer = Customer.objects.get()
    assert (customer.name, customer.mrr, customer.plan) == ("Acme", 1000, "Pro")
    assert (Change.objects.get().by, Change.objects.get().fields) == (lea, {"plan": ["", "Pro"]})


def test_attributes_of_other_columns_stay(bring, acme, lea):
    Customer.objects.update(attributes={"kept": 1, "number": "5"})
    job = steps.upload("customers", csv_file("Company id,number,Region", "acme,5,EU"), lea)
    steps.run(steps.check(job, ["company_id", "+", "+"]))
    assert Customer.objects.get().attributes == {"kept": 1, "number": "5", "Region": "EU"}


def test_our_own_id_finds_a_customer_without_another(bring, acme):
    job = bring("customers", csv_file("Rapport id,Company id,Name", f"{acme},,Acme Ltd", "999999,,Nobody", ",,Empty"))
    assert Customer.objects.get().name == "Acme Ltd"
    assert wrong(job) == {3: [("Rapport id", "no customer")], 4: [("", "either")]}


def test_a_parent_may_stand_anywhere_in_the_file(bring):
    job = bring("customers", csv_file("Company id,Parent", "child,mother", "mother,", "other,nobody"))
    assert by_company("child").parent == by_company("mother")
    assert wrong(job) == {4: [("Parent", "no parent")]}


def test_a_circle_of_parents_is_a_problem_of_its_row(bring):
    job = bring("customers", csv_file("Company id,Parent", "a,b", "b,a", "c,a"))
    assert by_company("c").parent == by_company("a")
    assert list(wrong(job).values()) == [[("", "refused")]]
    assert sum(job.written.values()) == 3


def test_each_row_says_everything_that_is_wrong_with_it(bring):
    body = csv_file(
        "Company id,Name,Stage,Seats,Monthly revenue,Currency,Owner,Churned on",
        "a,Fine,active,1,1.5,EUR,,",
        "b,Two,gone,x,12x,EURO,nobody@example.com,soon",
        "c,Short",
        "d,Long,active,1,1,EUR,,,more",
        "e,N\0ul,active,1,1,EUR,,",
        "a,Again,active,1,1,EUR,,",
        ",Nameless,,,,,,",
    )
    job = bring("customers", body)
    assert wrong(job) == {
        3: [("Stage", "choice"), ("Seats", "whole"), ("Monthly revenue", "amount"), ("Currency", "currency"),
            ("Churned on", "day"), ("Owner", "no colleague")],
        4: [("", "width")],
        5: [("", "width")],
        6: [("Name", "nul")],
        7: [("", "repeated")],
        8: [("", "either")],
    }  # fmt: skip
    assert job.found == {"bad": 6, "new": 1}


def test_an_unknown_colleague_is_told_from_an_unreadable_one(bring):
    job = bring("customers", csv_file("Company id,Owner", "a,nobody@example.com", "b,LEA@example.com", "c,Lea"))
    assert wrong(job) == {2: [("Owner", "no colleague")], 4: [("Owner", "email")]}


def test_cells_made_safe_for_spreadsheets_are_themselves_again(bring):
    bring("customers", csv_file("Company id,Name", "a,'=SUM(1)", "b,'tis", "'+c,C"))
    assert {c.name for c in Customer.objects.all()} == {"=SUM(1)", "'tis", "C"}
    assert by_company("+c")


def test_a_workbook_does_as_well(bring):
    job = bring("customers", workbook([["Company id", "Seats", "Monthly revenue"], ["a", 7, 12.5], ["b", 0.5, 1]]))
    assert (by_company("a").seats, by_company("a").mrr) == (7, Decimal("12.50"))
    assert wrong(job) == {3: [("Seats", "whole")]}


def test_what_could_be_read_either_way_is_asked_and_the_answer_is_kept_for_the_next_file(lea):
    body = csv_file("Company id,Stage,Churned on", "a,churned,01/02/2026")
    job = steps.check(steps.upload("customers", body, lea))
    assert (job.formats["day"], job.formats["asked"]) == ("dmy", {"day": "01/02/2026"})
    job = steps.run(steps.check(job, job.mapping, chosen={"day": "mdy"}))
    assert by_company("a").churned_on == date(2026, 1, 2)
    again = steps.check(steps.upload("customers", body, lea))
    assert again.formats["day"] == "mdy"


def test_when_it_is_done_only_the_wrong_rows_are_kept(bring):
    job = bring("customers", csv_file("Company id,Seats", "a,1", "b,x"))
    assert not job.parts.exists()
    assert list(job.rows.values_list("number", flat=True)) == [3]
    assert Import.objects.get().written == {"bad": 1, "new": 1}


def test_a_field_that_follows_another_source_stays_and_the_check_counts_it(bring, acme):
    Customer.objects.update(plan="Pro", field_origins={"plan": ["server", "2026-06-01T00:00:00+00:00", "00"]})
    FieldSource.objects.create(field="plan", origin="server")
    job = bring("customers", csv_file("Company id,Plan,Industry", "acme,Team,Food"))
    assert job.written == {"bad": 0, "changed": 1, "kept": 1}
    acme = Customer.objects.get()
    assert (acme.plan, acme.industry) == ("Pro", "Food")
    assert {field: by[0] for field, by in acme.field_origins.items()} == {"plan": "server", "industry": "file"}
