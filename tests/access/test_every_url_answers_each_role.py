"""Every address × every role: exactly the expected answer. The table is in tests/access/expectations.py."""

import pytest

from tests.access.addresses import everywhere
from tests.access.expectations import ROLES, RULES, rule_for
from tests.access.fingerprint import fingerprint
from tests.access.visits import answer, visits

NO_RULE = (
    "{name} ({path}) is new here, and nobody said who may see it. "
    "Add a line to TABLE in tests/access/expectations.py, and build its view on `visible_to(request.user)`."
)


@pytest.mark.parametrize("role", ROLES)
def test_every_url_answers_each_role(browser, examples, role):
    someone = browser(role)
    wrong = []
    for name, path in visits(examples):
        rule = rule_for(name)
        assert rule is not None, NO_RULE.format(name=name, path=path)
        got = answer(someone, path)
        if got != rule.answers[role]:
            wrong.append(f"{path} ({name}): {got}, expected {rule.answers[role]}")
    assert not wrong, "\n".join(wrong)


def test_no_line_of_the_table_is_left_over(examples):
    used = [rule_for(name) for name, _path in visits(examples)]
    assert [rule.pattern for rule in RULES if rule not in used] == []


def test_an_address_nobody_wrote_down_has_no_expectation():
    assert rule_for("desk:merge") is None


def test_the_walk_reaches_the_admin_the_pages_and_ingestion():
    names = {address.name for address in everywhere()}
    assert {"admin:staff_user_change", "desk:customer", "desk:at-risk", "events:ingest", "start"} <= names


@pytest.mark.parametrize("role", ["admin", "limited", "nobody"])
def test_reading_writes_nothing(browser, examples, role):
    someone = browser(role)
    before = fingerprint()
    for _name, path in visits(examples):
        someone.get(path)
    assert fingerprint() == before


@pytest.mark.parametrize("role", ["lead", "csm", "viewer", "limited", "nobody"])
def test_posting_nothing_in_particular_everywhere_writes_nothing(browser, examples, role):
    """No button without a form, no form without a check, no door that was left open."""
    someone = browser(role)
    before = fingerprint()
    for name, path in visits(examples):
        if name != "staff:sign-out":
            assert someone.post(path).status_code < 500
    assert fingerprint() == before


def test_the_fingerprint_notices_a_write(people):
    before = fingerprint()
    people["viewer"].save(update_fields=["name"])
    assert [table for table, digest in fingerprint().items() if digest != before[table]] == ["staff_user"]
