"""A NUL character, which PostgreSQL cannot hold, in any filter: refused as a bad value, never an error of ours."""

import pytest

from desk.list.filters import CustomerFilter
from tests.pages import cast

NAMES = sorted(CustomerFilter.base_filters)


@pytest.fixture
def acme(begun):
    return cast.customer("Acme")


@pytest.fixture
def desk(client, maya):
    client.force_login(maya)
    return client


def test_in_no_filter_of_the_list_and_the_api(desk, acme):
    assert "q" in NAMES and ">Acme<" in desk.get("/customers/").content.decode()
    for name in NAMES:
        page = desk.get("/customers/", {name: "a\0b"})
        assert (name, page.status_code) == (name, 200)
        assert ">Acme<" not in page.content.decode(), name
        assert (name, desk.get("/api/v1/customers/", {name: "a\0b"}).status_code) == (name, 400)


@pytest.mark.parametrize(
    "path",
    [
        "/search/?q=a%00b",
        "/at-risk/?owner=%00",
        "/customers/{pk}/timeline/?channel=%00",
        "/customers/{pk}/timeline/?before=%00",
        "/customers/{pk}/timeline/?type=%00",
        "/customers/{pk}/timeline/?q=%00",
        "/customers/{pk}/tasks/?state=%00",
        "/customers/values/?field=%00&q=%00",
        "/api/v1/at-risk/?owner=%00",
        "/api/v1/contacts/?email=%00",
        "/api/v1/contacts/?user_id=%00",
        "/api/v1/event-types/?channel=%00",
        "/api/v1/customers/{pk}/events/?channel=%00",
        "/api/v1/customers/?cursor=%00",
    ],
)
def test_nowhere_else(desk, acme, path):
    assert desk.get(path.format(pk=acme.pk)).status_code in (200, 400, 404)
