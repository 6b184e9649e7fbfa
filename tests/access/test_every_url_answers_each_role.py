"""Every address × every role: exactly the expected answer, nothing written, and valid HTML.

The table is in tests/access/expectations.py, and what valid HTML is in tests/access/markup.py.
"""

import pytest

from tests.access import markup
from tests.access.addresses import everywhere
from tests.access.expectations import ROLES, RULES, rule_for
from tests.access.fingerprint import fingerprint
from tests.access.visits import visits, walk

NO_RULE = (
    "{name} ({path}) is new here, and nobody said who may see it. "
    "Add a line to TABLE in tests/access/expectations.py, and build its view on `visible_to(request.user)`."
)


@pytest.fixture(scope="module")
def walks():
    """Who walked already: role → Walk."""
    return {}


@pytest.fixture
def walked(walks, browser, examples):
    """Return the walk of somebody of a role, which is long and done once."""

    def walk_once(role):
        if role not in walks:
            walks[role] = walk(browser(role), examples)
        return walks[role]

    return walk_once


@pytest.mark.parametrize("role", ROLES)
def test_every_url_answers_each_role(walked, role):
    wrong = []
    for (name, path), got in walked(role).answers.items():
        rule = rule_for(name)
        assert rule is not None, NO_RULE.format(name=name, path=path)
        if got != rule.answers[role]:
            wrong.append(f"{path} ({name}): {got}, expected {rule.answers[role]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_reading_writes_nothing(walked, role):
    assert walked(role).written == []


# A lead's pages are read in French and Russian: tests/access/test_markup.py. What others see stands between an admin's
# pages and a viewer's.
@pytest.mark.parametrize(
    "role", ["admin", "viewer", "nobody", *(pytest.param(role, marks=pytest.mark.long) for role in ("csm", "limited"))]
)
def test_html_is_valid(walked, browser, examples, tmp_path, role):
    everything = walked(role).pages
    seen = {path: everything[path] for path in markup.ours(examples) if path in everything}
    seen |= markup.pages(browser(role), markup.QUESTIONS)
    assert seen
    wrong = [f"{path}: {what}" for path, text in seen.items() for what in markup.corrections(text)]
    wrong += markup.complaints(seen, tmp_path)
    assert not wrong, "\n".join(wrong)


def test_html_of_the_admin_is_valid(walked, tmp_path):
    seen = {path: text for path, text in walked("admin").pages.items() if path.startswith("/admin/")}
    assert "/admin/" in seen
    wrong = markup.complaints_of_admin(seen, tmp_path)
    assert not wrong, "\n".join(wrong)


def test_no_line_of_the_table_is_left_over(examples):
    used = [rule_for(name) for name, _path in visits(examples)]
    assert [rule.pattern for rule in RULES if rule not in used] == []


def test_an_address_nobody_wrote_down_has_no_expectation():
    assert rule_for("desk:merge") is None


def test_the_walk_reaches_the_admin_and_the_pages():
    names = {address.name for address in everywhere()}
    assert {"admin:staff_user_change", "desk:customer", "desk:at-risk", "start"} <= names


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
