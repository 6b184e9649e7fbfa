"""The habits that keep the way to more machines open: keys, partitions and triggers, as PostgreSQL has them."""

import pytest
from django.apps import apps
from django.db import connection

from customers.models import Act, Affiliation, Changed, Contact, Customer, CustomersApart, Identity, Membership
from events.models import Correction
from records.models import RecordKey
from surveys.models import Token
from tests.house import ours

# Tables that refer to a customer and do not belong to it: they stay whole, on one machine.
LOOK_UPS = {
    Customer: "who they are; its parent is another customer",
    Contact: "a person outlives the companies they work at, and merging repoints it",
    Identity: "names are unique across customers, and finding the customer is what it is for",
    Affiliation: "asked by contact: at which other customers do they have events?",
    Membership: "asked by contact: where did they belong when?",
    CustomersApart: "a pair of customers, of whom a colleague said that they are not the same",
    Changed: "a work list across customers, claimed with SKIP LOCKED",
    Token: "a link names nobody: finding the customer is what it is for",
    RecordKey: "an id of another system belongs to one customer, whichever that is",
    Correction: "a question across customers, which may name one",
    Act: "the record of what was done, numbered, kept even when its customer is gone",
}
OWNED = [
    model
    for model in ours.models()
    # What is not managed is a view, which has no key of its own.
    if model._meta.managed and ours.references(model, Customer) and model not in LOOK_UPS
]
PARTITIONED = [model for model in apps.get_models() if hasattr(model, "partitioned_by")]

_UNIQUE = """
    SELECT index.relname, array_agg(attname::text)
    FROM pg_index
    JOIN pg_class AS index ON index.oid = indexrelid
    JOIN pg_attribute ON attrelid = indexrelid
    WHERE indrelid = %s::regclass AND indisunique GROUP BY 1
"""
_PARTITION_KEYS = """
    SELECT partrelid::regclass::text, partstrat, array_agg(attname::text)
    FROM pg_partitioned_table
    JOIN pg_attribute ON attrelid = partrelid AND attnum = ANY(partattrs::int2[])
    GROUP BY 1, 2
"""
_TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal
"""

pytestmark = pytest.mark.django_db


def rows(query, *params):
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def label(model):
    return model._meta.label


def test_the_walk_finds_the_tables_that_customers_own():
    names = {model.__name__ for model in OWNED}
    assert {"Event", "DailyCount", "ActiveDay", "InputLog", "Contract", "CurrentScore", "ScoreHistory"} <= names


@pytest.mark.parametrize("model", OWNED, ids=label)
def test_the_customer_is_in_the_primary_key_and_in_every_unique_key(model):
    keys = dict(rows(_UNIQUE, model._meta.db_table))
    assert keys, "it has no primary key at all"
    without = {name: columns for name, columns in keys.items() if "customer_id" not in columns}
    assert not without, f"Put the customer into these keys, or name {label(model)} in LOOK_UPS with the reason."


@pytest.mark.parametrize("model", LOOK_UPS, ids=label)
def test_a_look_up_table_refers_to_customers(model):
    assert ours.references(model, Customer), "no longer a look-up of customers: take it out of LOOK_UPS"


@pytest.mark.parametrize("model", PARTITIONED, ids=label)
def test_what_says_it_is_partitioned_is_so_in_postgresql(model):
    keys = {table: (how, columns) for table, how, columns in rows(_PARTITION_KEYS)}
    assert keys[model._meta.db_table] == ("r", [model.partitioned_by])


@pytest.mark.parametrize("model", PARTITIONED, ids=label)
def test_a_partitioned_table_has_a_default_partition(model):
    defaults = rows("SELECT partrelid::regclass::text FROM pg_partitioned_table WHERE partdefid <> 0")
    assert (model._meta.db_table,) in defaults


def test_what_is_partitioned_in_postgresql_says_so():
    assert {table for table, *_ in rows(_PARTITION_KEYS)} == {model._meta.db_table for model in PARTITIONED}


def test_no_trigger_stands_on_what_customers_own():
    """Only the versions of the scoring model have any: a published one refuses changes."""
    assert {table for table, _name in rows(_TRIGGERS)} == {
        "scoring_scoringmodel", "scoring_weight", "scoring_factor",
    }  # fmt: skip
