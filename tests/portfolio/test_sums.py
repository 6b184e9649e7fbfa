"""Every number of the portfolio is the sum of the list it opens, on the page, in the file and for programs."""

import csv
import re
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urlencode

import pytest
from django.http import QueryDict

from core.pagination import page as page_of
from customers.models import Customer, Stage
from desk.portfolio import page as portfolio_page
from desk.portfolio.filters import PERIODS, SPLITS, PortfolioFilter
from desk.portfolio.lines import lines
from desk.portfolio.renewal_pages import SOONEST, RenewalFilter
from playbooks.models import Task
from records.models import Note
from scoring.models import CurrentScore
from staff import api_keys
from staff.models import User
from tests.conftest import NOW
from tests.portfolio import world

THEN = {"lost", "band_then", "moved_paid_then", "group_lost"}
_LINK = re.compile(r'<a href="/customers/\?([^"]*)">([\d,]+)</a>')
_TASKS = re.compile(r'<a href="/portfolio/tasks/\?([^"]*)">([\d,]+)</a>')
_RENEWALS = re.compile(r'<a href="/portfolio/renewals/\?([^"]*)">([\d,]+)</a>')
QUESTIONS = [
    {},
    {"by": "plan", "period": "30"},
    {"by": "industry", "country": "kenya", "period": "7"},
    {"by": "segment", "team": "none", "period": "90"},
    {"by": "team", "plan": "PRO", "period": "quarter"},
    {"by": "country", "segment": "1"},
    {"by": "owner", "owner": "none"},
    {"by": "plan", "owner": "1"},
]


def question(fields):
    """Return the query with the ids that this database gave."""
    from customers.models import Segment

    fields = dict(fields)
    if "segment" in fields:
        fields["segment"] = str(Segment.objects.get().pk)
    if fields.get("owner") == "1":
        fields["owner"] = str(User.objects.get(name="Ada").pk)
    return fields


def loaded(user, fields):
    filterset = PortfolioFilter(QueryDict(urlencode(fields)), queryset=portfolio_page.visible(user))
    assert filterset.is_valid(), filterset.errors
    return portfolio_page.load(filterset, world.TODAY)


def check(line, user):
    pks = world.listed(line.query, user)
    assert line.customers == len(pks), line
    since = parse_qs(line.query).get("since", [None])[0]
    if line.revenue is not None:
        of_then = line.what in THEN or (line.what == "total" and line.name != "today")
        assert line.revenue == (world.worth_then(pks, since) if of_then else world.worth_now(pks)), line


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 40))])
def test_every_figure_is_the_sum_of_the_customers_it_opens(begun, seed):
    world.make(seed)
    for name, questions in (("Ada", QUESTIONS), ("Lou", QUESTIONS[:2])):
        user = User.objects.get(name=name)
        for fields in questions:
            checked = [check(line, user) for line in lines(loaded(user, question(fields))) if line.query]
            assert len(checked) > 15


@pytest.mark.parametrize(
    ("split", "period"), [*zip(dict(SPLITS), [*dict(PERIODS), "month"], strict=True)], ids=lambda value: value
)
def test_each_period_and_split_opens_what_it_counts(ada, split, period):
    for line in lines(loaded(ada, {"by": split, "period": period})):
        if line.query:
            check(line, ada)


def test_the_numbers_of_the_page_are_those_of_its_lists(page, ada):
    for fields in QUESTIONS:
        links = _LINK.findall(page("/portfolio/", **question(fields)))
        assert links
        for query, number in links:
            assert len(world.listed(unescape(query), ada)) == int(number.replace(",", "")), query


def test_renewals_open_the_contracts_they_count(page, ada):
    links = _RENEWALS.findall(page("/portfolio/"))
    assert len(links) > 10
    for query, number in links:
        filterset = RenewalFilter(QueryDict(unescape(query)), queryset=portfolio_page.visible(ada))
        rows = page_of(filterset.contracts(world.TODAY), SOONEST, None, 1_000).rows
        assert len(rows) == int(number), query


def test_renewals_of_a_month_add_up_by_band_and_to_their_list(ada):
    for month in loaded(ada, {}).months:
        query = QueryDict(f"month={month.name}")
        rows = list(RenewalFilter(query, queryset=portfolio_page.visible(ada)).contracts(world.TODAY))
        assert month.total.customers == len(rows)
        assert month.total.revenue == sum((row.monthly_value or Decimal(0) for row in rows), Decimal(0))
        assert month.total.unknown == sum(row.monthly_value is None for row in rows)


def test_contacts_made_are_the_notes_of_the_list(page, ada):
    seen = page("/portfolio/contacts/", period="30")
    made = loaded(ada, {"period": "30"}).contacts
    assert made.total == seen.count("<time") > 0
    assert set(made.by_kind) <= {*Note.Kind.values} - {"note"}


@pytest.mark.parametrize("purpose", ["service", "selling", "unsaid"])
def test_contacts_for_a_purpose_are_the_notes_of_the_list(page, ada, purpose):
    made = loaded(ada, {"period": "90"}).contacts
    assert sum(made.by_purpose.values()) == made.total
    link = f'href="/portfolio/contacts/?period=90&amp;purpose={purpose}">{made.by_purpose[purpose]} '
    assert link in page("/portfolio/", period="90")
    seen = page("/portfolio/contacts/", period="90", purpose=purpose)
    assert seen.count("<time") == made.by_purpose[purpose] > 0


def test_a_purpose_that_is_none_lists_no_contact(client, ada):
    client.force_login(ada)
    text = client.get("/portfolio/contacts/?purpose=x").content.decode()
    assert "This filter is not valid" in text and "<time" not in text


@pytest.mark.parametrize("fields", QUESTIONS)
def test_overdue_tasks_are_those_of_the_list(client, page, ada, fields):
    links = _TASKS.findall(page("/portfolio/", **question(fields)))
    for query, number in links:
        pks = world.listed(unescape(query), ada)
        tasks = Task.objects.filter(customer__in=pks, customer__stage__in=Stage.followed(), state="open")
        late = sum(task.due_on is not None and task.due_on < world.TODAY for task in tasks)
        assert int(number) == late, query
        shown = client.get(f"/portfolio/tasks/?{unescape(query)}").context["page"].rows
        assert len(shown) == min(late, 50)
    portfolio = loaded(ada, question(fields))
    assert len(links) == (portfolio.overdue_tasks > 0) + sum(group.overdue_tasks > 0 for group in portfolio.groups)


@pytest.mark.parametrize("fields", QUESTIONS)
def test_mean_health_is_that_of_the_list(ada, fields):
    found = 0
    for line in lines(loaded(ada, question(fields))):
        if line.what in ("total", "group") and line.name != "then" and line.health is not None:
            pks = world.listed(line.query, ada)
            known = [
                score.health for score in CurrentScore.objects.filter(customer__in=pks) if score.health is not None
            ]
            assert line.health == round(Decimal(sum(known)) / len(known) / 100, 2)
            found += 1
    assert found > 1


def test_file_and_api_say_what_the_page_says(client, page, ada):
    _row, key = api_keys.create("CRM", ("customers:read",), now=NOW, colleague=ada)
    for fields in QUESTIONS[:4]:
        fields = question(fields)
        expected = [
            (line.what, line.name, line.customers, line.revenue, line.unknown, line.query, line.health)
            for line in lines(loaded(ada, fields))
        ]
        response = client.get("/portfolio/export.csv", fields)
        rows = csv.reader(response.content.decode("utf-8-sig").splitlines()[1:])
        found = [(*row[:2], whole(row[2]), amount(row[3]), whole(row[5]), row[6], amount(row[7])) for row in rows]
        assert found == expected
        headers = {"Authorization": f"Bearer {key}"}
        answer = client.get("/api/v1/portfolio/", fields, headers=headers).json()
        names = ("figure", "name", "customers", "revenue", "value_unknown", "customers_query", "mean_health")
        answered = [tuple(row[name] for name in names) for row in answer["figures"]]
        assert [(*row[:3], amount(row[3] or ""), *row[4:6], amount(row[6] or "")) for row in answered] == expected
        assert answer["compared"] is True


def whole(text):
    return int(text) if text else None


def amount(text):
    return Decimal(text) if text else None


def test_a_limited_colleague_is_shown_nothing_foreign(client, lou):
    client.force_login(lou)
    own = set(Customer.objects.visible_to(lou).values_list("pk", flat=True))
    assert 0 < len(own) < Customer.objects.count()
    for path in (
        "/portfolio/?by=owner",
        "/portfolio/renewals/",
        "/portfolio/contacts/",
        "/portfolio/tasks/?followed=yes",
        "/portfolio/?by=segment",
    ):
        text = client.get(path).content.decode()
        named = {int(pk) for pk in re.findall(r'href="/customers/(\d+)/"', text)}
        assert named <= own
    figures = loaded(lou, {}).figures
    assert sum(cell.customers for cell in figures.cells) <= len(own)


@pytest.mark.parametrize(
    "query", ["owner=x", "team=999", "segment=999", "period=2", "by=name", "health=red", "plan=a&plan=b", "then=red"]
)
def test_a_filter_that_is_not_valid_shows_no_number(client, ada, query):
    client.force_login(ada)
    text = client.get(f"/portfolio/?{query}").content.decode()
    assert "This filter is not valid" in text and 'id="bands"' not in text
    assert client.get(f"/portfolio/export.csv?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["then=red", "since=2020-01-01", "since=2020-01-01&then=red", "then=x", "no_contact_for=0"]
)
def test_the_list_finds_nobody_for_a_day_that_is_not_kept(client, ada, query):
    client.force_login(ada)
    assert "no customers are shown" in client.get(f"/customers/?{query}").content.decode()
