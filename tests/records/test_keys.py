"""An id of another system belongs to one customer: of two who bring it at once one wins, and nobody gets a 500."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Barrier

import pytest
from django.db import connection

from customers import lifecycle
from events.models import Event
from records import invoices, keys, leaving
from records.models import Invoice, RecordKey
from tests.conftest import NOW

TODAY = NOW.date()


@pytest.fixture
def birch(begun):
    return lifecycle.upsert([{"company_id": "birch", "name": "Birch"}], now=NOW)["birch"]


def row(customer, external_id="INV-77"):
    return {
        "customer_id": customer, "external_id": external_id, "number": "77", "issued_on": TODAY, "amount": 10,
        "currency": "EUR",
    }  # fmt: skip


def test_a_batch_that_names_one_id_for_two_customers_is_refused_whole(acme, birch):
    with pytest.raises(keys.BelongsElsewhere):
        invoices.write([row(acme), row(birch)], now=NOW)
    assert not Invoice.objects.exists() and not RecordKey.objects.exists() and not Event.objects.exists()


def test_an_id_made_from_a_row_of_a_file_is_nobodys(acme, birch):
    invoices.write([row(acme, "file:abc:0")], now=NOW)
    invoices.write([row(birch, "file:abc:0")], now=NOW)
    assert Invoice.objects.count() == 2 and not RecordKey.objects.exists()


def test_who_gives_an_id_up_leaves_it_to_others(acme, birch):
    [stored] = invoices.write([row(acme)], now=NOW)
    leaving.delete(stored, now=NOW)
    with pytest.raises(Invoice.DoesNotExist):
        leaving.delete(stored, now=NOW)
    invoices.write([row(birch)], now=NOW)
    assert keys.owners("invoice", ["INV-77", "INV-78"]) == {"INV-77": birch}


@pytest.mark.django_db(transaction=True)
def test_of_two_systems_at_once_one_wins_and_the_other_is_told(acme, birch):
    together = Barrier(2)

    def write(customer):
        together.wait()
        try:
            return [
                record.customer_id for record in invoices.write([row(customer, f"I-{n}") for n in range(20)], now=NOW)
            ]
        except keys.BelongsElsewhere as refusal:
            return refusal.customer
        finally:
            connection.close()

    for _round in range(5):
        with ThreadPoolExecutor(2) as threads:
            results = dict(zip((acme, birch), threads.map(write, (acme, birch)), strict=True))
        [winner] = {customer for customer, result in results.items() if isinstance(result, list)}
        assert [result for result in results.values() if not isinstance(result, list)] == [winner]
        assert set(Invoice.objects.values_list("customer", flat=True)) == {winner}
        assert Event.objects.live().count() == 20
        for invoice in Invoice.objects.all():
            leaving.delete(invoice, now=NOW)


def test_the_upgrade_leaves_an_id_of_two_to_the_older_record(acme, birch):
    for customer, day in ((acme, "2026-02-01"), (birch, "2026-01-01")):
        invoices.write([{**row(customer), "issued_on": day}], now=NOW)
        invoices.write([row(customer, f"only {customer}")], now=NOW)
        RecordKey.objects.all().delete()
    upgrade = import_module("records.migrations.0005_keys_and_days_ahead")
    with connection.cursor() as cursor:
        for operation in upgrade.Migration.operations:
            cursor.execute(operation.sql)
    found = dict(RecordKey.objects.values_list("external_id", "customer"))
    assert found == {"INV-77": birch, f"only {acme}": acme, f"only {birch}": birch}
    with pytest.raises(keys.BelongsElsewhere):
        invoices.write([row(acme)], now=NOW)
    invoices.write([row(birch)], now=NOW)
