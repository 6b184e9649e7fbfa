"""What was done to facts that were known is told to systems too, so that they see why counts changed."""

from datetime import timedelta

from customers.models import Act
from records import contacts
from tests.conftest import NOW
from tests.pages import cast


def test_acts_of_a_customer_are_listed_newest_first(api, acme, maya):
    older = {"model": "invoice", "name": "INV-77", "events": 2, "first": "2026-06-01", "last": "2026-06-03"}
    Act.objects.create(customer=acme, kind="record", at=NOW - timedelta(days=1), by=maya, detail=older)
    contacts.write([{"customer_id": acme.pk, "user_id": "ann", "stop_scoring": True}], now=NOW)
    Act.objects.create(customer=cast.customer("Other"), kind="record", at=NOW)
    objection, record = api.rows(f"customers/{acme.pk}/acts/")
    assert (objection["kind"], objection["by"], objection["events"]) == ("objection", None, 0)
    assert objection["detail"]["objects"] is True
    assert (record["kind"], record["by"]["name"], record["events"]) == ("record", "Maya", 2)
    assert (record["first_day"], record["last_day"]) == ("2026-06-01", "2026-06-03")


def test_acts_are_read_only(api, acme):
    refused = [getattr(api, method)(f"customers/{acme.pk}/acts/", {}) for method in ("post", "put", "patch")]
    assert {answer.status_code for answer in refused} <= {403, 405}


def test_acts_at_customers_of_others_are_not_to_be_had(make_key, lou, acme):
    assert make_key("events:read", colleague=lou).get(f"customers/{acme.pk}/acts/").status_code == 404
