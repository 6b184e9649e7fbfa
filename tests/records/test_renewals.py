"""A renewal is a day not after the contract's end: every reader asks so, and nothing else is read from contracts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers.models import Customer
from records import contracts
from records.renewals import renewing
from scoring.models import CurrentScore
from scoring.runs import run
from staff import api_keys
from tests.api.conftest import EVERYTHING, Api
from tests.conftest import NOW
from tests.pages import cast

TODAY = NOW.date()
DAY = TODAY + timedelta(days=30)


@pytest.fixture
def signed(acme):
    """Sign a contract that renews in 30 days, and ends on a day from today or never."""

    def sign(ends):
        row = {"customer_id": acme, "name": "Gold", "starts_on": TODAY - timedelta(days=335), "renews_on": DAY}
        ends_on = None if ends is None else TODAY + timedelta(days=ends)
        return contracts.sign([{**row, "ends_on": ends_on, "monthly_value": 10, "currency": "EUR"}], now=NOW)[0]

    return sign


ENDS = pytest.mark.parametrize(("ends", "renews"), [(None, True), (31, True), (30, True), (29, False), (-10, False)])


@ENDS
def test_the_contract_its_customer_and_its_score_say_so(acme, signed, ends, renews):
    contract, day = signed(ends), DAY if renews else None
    run.score_everyone(now=NOW)
    score = CurrentScore.objects.get()
    assert contract.renewal == score.renews_on == day
    assert score.renews_soon is renews
    assert renewing(TODAY).exists() is renews


@ENDS
def test_pages_filters_and_api_say_so(acme, signed, client, time_stands_still, ends, renews):
    signed(ends)
    run.score_everyone(now=NOW)
    client.force_login(cast.colleague("Maya"))
    day = DAY.isoformat() if renews else None
    _row, key = api_keys.create("CRM", EVERYTHING, now=NOW, colleague=None)
    assert Api(key).get(f"customers/{acme}/").json()["renews_on"] == day
    assert ("renews 15" in client.get(f"/customers/{acme}/").content.decode()) is renews
    assert (">Acme<" in client.get("/customers/", {"renews_within": 30}).content.decode()) is renews


def test_what_a_customer_pays_is_its_own_whatever_contracts_say(acme, signed):
    signed(None)
    assert Customer.objects.get(pk=acme).mrr == Decimal(1000)
