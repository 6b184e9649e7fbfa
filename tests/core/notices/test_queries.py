"""The bell costs every page one query, two where there is news; notices cost the same for one as for thousands."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import notices
from core.notices import Subject, reading
from tests.conftest import NOW
from tests.core.notices.conftest import ids
from tests.queries import is_of_the_bell

pytestmark = pytest.mark.django_db
SIGNED_IN = 2  # the session and the colleague
# The page's are: notices, and of each kind among them its first things; then the bell.
LIST, ONE, BELL, KINDS = 4, 5, 2, 3


def asked(client, path, **headers):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, headers=headers).status_code == 200
    return [query["sql"] for query in queries]


def test_the_bell_is_two_queries_of_every_page_one_where_nothing_is_unread_and_none_of_a_part(client, maya, tell):
    client.force_login(maya)
    pages = ("/customers/", "/at-risk/", "/notices/kinds/", "/time-zone/")
    assert [sum(map(is_of_the_bell, asked(client, path))) for path in pages] == [1] * 4
    tell(1)
    assert [sum(map(is_of_the_bell, asked(client, path))) for path in pages] == [2] * 4
    assert not any(map(is_of_the_bell, asked(client, "/customers/", **{"HX-Request": "true"})))


def test_notices_ask_as_often_for_one_as_for_thousands(client, maya, tell):
    client.force_login(maya)

    def counts(first):
        htmx = {"HX-Request": "true"}
        return [
            len(asked(client, path, **more)) - SIGNED_IN
            for path, more in (
                ("/notices/", {}),
                (f"/notices/{first}/", {}),
                ("/notices/bell/", htmx),
                ("/notices/kinds/", {}),
            )
        ]

    tell(0, 1)
    assert counts(ids(maya)[0]) == [LIST, ONE, BELL, KINDS]
    for number in range(60):
        told = {maya.pk: [Subject(number, str(n)) for n in range(100)]}
        notices.tell("numbers", told, key=f"many {number}", by=None, now=NOW)
    tell(*range(3_000), key="bulk")
    assert counts(ids(maya)[-1]) == [LIST, ONE, BELL, KINDS]


def test_marking_all_takes_as_many_queries_as_marking_one(maya, tell, django_assert_num_queries):
    for number in range(50):
        tell(number, key=str(number))
    one, *others = ids(maya)
    with django_assert_num_queries(5):  # which, the notices, what they are about; a savepoint
        notices.mark_read(maya, [one], now=NOW)
    with django_assert_num_queries(5):
        notices.mark_all_read(maya, up_to=max(others), now=NOW)


def test_what_is_unread_is_found_by_the_index(maya, tell):
    """With scans made expensive, only what no index finds would still be scanned for."""
    with CaptureQueriesContext(connection) as queries:
        reading.unread(maya)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan" in plan and "Seq Scan" not in plan, plan
