"""What the portfolio's pages show while something is missing, forecasts, and shares over time."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.web.charts import sparkline
from customers.models import Customer
from desk.portfolio import shares
from desk.portfolio.shares import Point
from records.models import Contract, RenewalForecast
from scoring.models import PastDay
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.portfolio import world

TODAY = NOW.date()


def test_an_empty_installation_says_what_will_be_here_and_leads_to_it(client, begun):
    client.force_login(cast.colleague("Lena", Role.LEAD))
    seen = client.get("/portfolio/").content.decode()
    assert "Revenue by health, renewals and movement will be here" in seen and 'href="/imports/new/"' in seen


def test_it_asks_as_often_for_many_as_for_few(client, ada, django_assert_num_queries):
    client.force_login(ada)
    for path in ("/portfolio/", "/portfolio/?by=plan", "/portfolio/renewals/", "/portfolio/contacts/"):
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        for n in range(10):
            world.one_customer(Random(n), n, [ada], [None])
        with django_assert_num_queries(len(asked)):
            client.get(path)
        assert len(asked) <= 21, path


def test_while_the_day_of_then_is_computed_the_rest_is_shown(page):
    PastDay.objects.update(made_at=None)
    seen = page("/portfolio/")
    assert "are being computed under today’s scoring model" in seen
    assert "Revenue by health" in seen and 'id="movement"' not in seen


def test_a_forecast_is_set_in_its_row_and_taken_away(client, page, ada):
    acme = cast.customer("Acme")
    Contract.objects.create(
        customer=acme, name="C", starts_on=TODAY, renews_on=TODAY + timedelta(days=20), currency="USD"
    )
    month = f"{TODAY + timedelta(days=20):%Y-%m}"
    where = f"/portfolio/renewals/{acme.pk}/{month}/"
    client.post(where, {"category": "commit", "amount": "12.50", "currency": "USD", "next": "/portfolio/renewals/"})
    row = RenewalForecast.objects.get(customer=acme)
    assert (row.id, row.category, str(row.amount), row.currency, row.by) == (month, "commit", "12.50", "USD", ada)
    client.post(where, {"category": "churn", "amount": "", "currency": "USD"})
    assert RenewalForecast.objects.get(customer=acme).category == "churn"
    client.post(where, {"category": "", "amount": "", "currency": "USD"})
    assert not RenewalForecast.objects.filter(customer=acme).exists()
    assert client.post(where, {"category": "sure", "currency": "USD"}).status_code == 200
    assert client.get(f"/portfolio/renewals/{acme.pk}/2031-01/").status_code == 404


def test_a_limited_colleague_forecasts_nothing_foreign(client, lou):
    client.force_login(lou)
    foreign = Customer.objects.exclude(pk__in=Customer.objects.visible_to(lou)).filter(contracts__isnull=False).first()
    contract = Contract.objects.filter(customer=foreign).first()
    assert client.get(f"/portfolio/renewals/{foreign.pk}/{contract.renews_on:%Y-%m}/").status_code == 404


def point(ago, version, **counts):
    made = Point(TODAY - timedelta(days=ago), versions={version})
    made.counts.update(counts)
    return made


def test_shares_are_of_those_whose_engagement_is_known():
    one = point(1, 1, engaged=1, somewhat=2, disengaged=1, unknown=6)
    assert [share for _name, _count, share in one.shares] == [2_500, 5_000, 2_500]
    assert [share for _name, _count, share in point(1, 1, unknown=3).shares] == [None, None, None]


def test_the_line_is_broken_where_the_version_changed():
    drawn = shares.chart(
        [point(4, 1, engaged=1), point(3, 1, engaged=1), point(2, 2, engaged=1), point(1, 2, engaged=1)], TODAY
    )
    assert [len(lines) for _name, lines in drawn["lines"]] == [2, 2, 2]
    assert [found.day for _place, found in drawn["marks"]] == [TODAY - timedelta(days=2)]
    assert drawn["lines"][0][1][0].startswith(f"{sparkline.EDGE}")


@pytest.mark.parametrize("query", ["", "?plan=pro"])
def test_shares_have_a_page_of_their_own(page, query):
    assert "Engagement over time" in page(f"/portfolio/shares/{query}")
