"""Notices as a program of a colleague's reads them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import notices
from core.notices import Subject
from customers import lifecycle
from staff import api_keys
from staff.models import Role
from tests.api.conftest import Api, faults
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def lou_s(lou):
    """A caller with a key that acts as Lou, who sees only their own customers."""
    _row, key = api_keys.create("Lou’s", ["customers:read", "customers:write"], now=NOW, colleague=lou)
    return Api(key)


@pytest.fixture
def lena(begun):
    return cast.colleague("Lena", Role.LEAD)


def customers(count, start=0):
    rows = [{"company_id": f"c{n}", "name": f"Customer {n}"} for n in range(start, start + count)]
    return list(lifecycle.upsert(rows, now=NOW).values())


def assign(those, owner, by):
    lifecycle.edit({pk: {"owner_id": owner and owner.pk} for pk in those}, now=NOW, by=by)


def test_a_notice_says_what_who_when_and_where(lou_s, lou, lena):
    [acme] = customers(1)
    assign([acme], lou, lena)
    [row] = lou_s.rows("notices/")
    assert row == {
        "id": row["id"], "kind": "assigned", "text": "Lena assigned Customer 0 to you", "count": 1,
        "path": f"/customers/{acme}/", "by_id": lena.pk, "at": "2026-06-15T12:00:00Z", "read_at": None,
    }  # fmt: skip


def test_what_was_read_is_left_out_on_request(lou_s, lou, lena):
    first, second = customers(2)
    assign([first], lou, lena)
    assign([second], lou, lena)
    newest, oldest = lou_s.rows("notices/")
    answer = lou_s.post(f"notices/{newest['id']}/read/")
    assert (answer.status_code, answer.json()["read_at"]) == (200, "2026-06-15T12:00:00Z")
    assert [row["id"] for row in lou_s.rows("notices/")] == [oldest["id"], newest["id"]]
    assert [row["id"] for row in lou_s.rows("notices/?unread=true")] == [oldest["id"]]
    assert lou_s.post("notices/read/", {"up_to": newest["id"]}).json() == {"marked": 1}
    assert lou_s.rows("notices/?unread=true") == []


def test_a_parameter_or_field_that_nobody_knows_is_an_error(lou_s):
    assert faults(lou_s.get("notices/?read=no"))
    assert faults(lou_s.post("notices/read/", {"all": True}))


def test_what_is_of_others_is_not_found(lou_s, lou, lena):
    [acme] = customers(1)
    notices.tell("assigned", {lena.pk: [Subject(acme)]}, key="1", by=None, now=NOW)
    pk = lena.notices.get().pk
    assert lou_s.post(f"notices/{pk}/read/").status_code == 404
    assert lou_s.post("notices/read/", {"up_to": pk}).json() == {"marked": 0}


def test_the_company_s_own_key_has_no_notices(api):
    for answer in (api.get("notices/"), api.post("notices/read/", {"up_to": 1}), api.post("notices/1/read/")):
        assert (answer.status_code, answer.json()["code"]) == (403, "no_colleague")


def test_a_list_asks_as_often_for_one_notice_as_for_hundreds(lou_s, lou, lena):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            rows = lou_s.rows("notices/")
        return len(rows), len(queries)

    assign(customers(1), lou, lena)
    asked()  # a key notes its first use
    one, few = asked()
    for pk in customers(110, start=1):
        assign([pk], lou, lena)
    many, as_often = asked()
    assert (one, many) == (1, 100)
    assert few == as_often
