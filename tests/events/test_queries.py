"""What a request costs: the same number of queries for 1 and for 500 events, with 10 and with 10,000 customers."""

import pytest
from django.db import connection

from core.jobs import rederiving
from customers.models import Customer, Identity
from tests.events.people import at, group, identify, track

KNOWN = 18  # key and source; the day; ids; types; identities; the events and what counts them; the transaction's two
NEW = 36  # and: guards against making the same twice; numbers and rows of customers and identities; contacts, members
DESCRIBED = 14
REJECTED = 5
REPEATED = 10


@pytest.fixture(params=[10, 10_000])
def customers(request, website):
    """Make so many companies, named by numbers."""
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, [request.param])
    for model in (Customer, Identity):
        rederiving.rederive(model.objects.all())


_CUSTOMERS = """
    WITH made AS (
        INSERT INTO customers_customer (name, kind, domain, stage, plan, currency, industry, country, tags, attributes,
                                        set_at, provisional, created_at)
        SELECT n, 'company', '', 'active', '', 'EUR', '', '', '{}', '{}', '{}', false, now()
        FROM generate_series(1, %s) AS n RETURNING id, name
    )
    INSERT INTO customers_identity (kind, value, customer_id)
    SELECT 'rapport', id::text, id FROM made UNION ALL SELECT 'company', name, id FROM made
"""


@pytest.fixture(params=[1, 500])
def number(request):
    return request.param


def test_events_of_known_people(door, customers, number, django_assert_num_queries):
    door.batch(*(group(f"{i + 1}", userId=f"u{i}") for i in range(10)), track(userId="u0"))
    messages = [track(i % 30, userId=f"u{i % 10}") for i in range(number)]
    with django_assert_num_queries(KNOWN + (number > 1)):  # of late events, one for where their people belonged
        assert door.batch(*messages).status_code == 200


def test_new_people_linked_at_new_companies(door, customers, number, django_assert_num_queries):
    door.batch(track(userId="u0"))
    people = [f"new {i}" for i in range(number)]
    messages = [
        *(identify(userId=person, anonymousId=f"a {person}", traits={"name": "Ann"}) for person in people),
        *(group(f"of {person}", userId=person, traits={"plan": "Pro"}) for person in people),
        *(track(userId=person) for person in people),
    ]
    with django_assert_num_queries(NEW - (number > 100)):  # of many, one lock for all instead of one for each
        assert door.batch(*messages).status_code == 200


def test_known_people_described(door, customers, number, django_assert_num_queries):
    people = [f"u{i}" for i in range(number)]
    door.batch(*(identify(1, userId=person) for person in people))
    with django_assert_num_queries(DESCRIBED):
        assert door.batch(*(identify(userId=person, traits={"a": 1}) for person in people)).status_code == 200


def test_events_that_are_rejected(door, customers, number, django_assert_num_queries):
    door.batch()
    with django_assert_num_queries(REJECTED):
        assert door.batch(*([{}] * number)).status_code == 200


def test_events_that_were_stored_before(door, customers, number, django_assert_num_queries):
    messages = [{**track(userId="u0"), "messageId": f"m{i}"} for i in range(number)]
    door.batch(*messages)
    with django_assert_num_queries(REPEATED):
        assert door.batch(*messages).status_code == 200


ALONE = {"track": KNOWN, "page": KNOWN, "screen": KNOWN, "identify": 14, "group": 15, "alias": 12}


@pytest.mark.parametrize("kind", ALONE)
def test_a_message_alone(door, customers, kind, django_assert_num_queries):
    message = {"userId": "u0", "groupId": "1", "event": "Report created", "traits": {"plan": "Pro"}, "previousId": "p0"}
    door.batch(
        *(
            {**message, "type": one, "timestamp": at(1)}
            for one in ("group", "identify", "track", "page", "screen", "alias")
        )
    )
    with django_assert_num_queries(ALONE[kind]):
        assert door.post(f"/v1/{kind}", message).status_code == 200


def test_a_request_that_is_refused(door, customers, django_assert_num_queries):
    door.batch()
    with django_assert_num_queries(2):  # whose key it is, before the body is read
        assert door.post("/v1/batch", b"no JSON").status_code == 400
    door.key = "rapport_unknown_key"
    with django_assert_num_queries(1):
        assert door.batch(track(userId="u0")).status_code == 401


def test_thousands_of_new_people_do_not_fill_the_lock_table(door):
    """PostgreSQL has room for some 6,400 locks of everybody together; a full table is an error for all."""
    people = [track(userId=f"u{i}", anonymousId=f"a{i}", context={"groupId": f"c{i}"}) for i in range(2_000)]
    assert door.batch(*people).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()")
        assert cursor.fetchone()[0] < 1_000
