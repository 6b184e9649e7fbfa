"""Every list of the API: a parameter it does not know is an error, and never all rows."""

from django.test import Client

from staff import api_keys
from staff.models import ApiKey
from tests.access.visits import visits
from tests.conftest import NOW


def test_no_list_of_the_api_takes_a_parameter_it_does_not_know(examples):
    scopes = [scope for scope in ApiKey.SCOPES if scope not in ApiKey.PUBLIC_SCOPES]
    _row, key = api_keys.create("Everything", scopes, now=NOW, colleague=None)
    program = Client(headers={"authorization": f"Bearer {key}"})
    lists = [
        path
        for name, path in visits(examples)
        if name.startswith("api:") and (answer := program.get(path)).status_code == 200
        if answer.headers["content-type"] == "application/json" and "next_cursor" in answer.json()
    ]
    assert len(lists) > 15
    assert [path for path in lists if program.get(path, {"no_such": "1"}).status_code != 400] == []
