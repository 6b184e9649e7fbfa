"""The condition of segments on open tasks; random rules hold it against a plain evaluation elsewhere."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from customers import segments
from customers.models import Customer, Segment
from customers.segments import rule
from playbooks import lifecycle as tasks
from tests.conftest import NOW
from tests.pages import cast

TODAY = cast.TODAY


def tree(**parameters):
    return {"all": [{"kind": "task", "parameters": parameters}]}


def found(closed_on=None, **parameters):
    query = {"rule": rule.as_text(tree(**parameters))}
    return {one.name for one in segments.matching(query, Customer.objects.known(), closed_on=closed_on)}


@pytest.fixture
def work(maya):
    late, soon, free = (cast.customer(name) for name in ("Late", "Soon", "Free"))
    tasks.add(late, title="Call", kind="call", by=maya, now=NOW, assignee=maya, due_on=TODAY - timedelta(days=1))
    tasks.add(soon, title="Report", by=maya, now=NOW, due_on=TODAY + timedelta(days=5))
    dropped = tasks.add(free, title="Dropped", by=maya, now=NOW, assignee=maya, due_on=TODAY - timedelta(days=9))
    tasks.cancel(dropped, by=maya, now=NOW)
    return maya


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"has": "yes"}, {"Late", "Soon"}),
        ({"has": "no"}, {"Free"}),
        ({"has": "yes", "due": "overdue"}, {"Late"}),
        ({"has": "no", "due": "overdue"}, {"Soon", "Free"}),
        ({"has": "yes", "due": "within", "days": 4}, {"Late"}),
        ({"has": "yes", "due": "within", "days": 5}, {"Late", "Soon"}),
        ({"has": "yes", "due": "none"}, set()),
        ({"has": "yes", "task_kind": "call"}, {"Late"}),
        ({"has": "yes", "assignee": "none"}, {"Soon"}),
    ],
)
def test_it_finds_whom_it_says(work, asked, names):
    assert found(**asked) == names


def test_it_says_itself_in_words(work):
    asked = {"has": "yes", "due": "within", "days": 7, "assignee": str(work.pk), "task_kind": "call"}
    assert found(**asked) == {"Late"}
    sentence = rule.from_tree(tree(**asked)).sentence()
    assert sentence == "has an open task (Call, due in the next 7 days, or overdue, assigned to Maya)"
    assert rule.from_tree(tree(has="no")).sentence() == "has no open task"


@pytest.mark.parametrize(
    "asked",
    [
        {}, {"has": "maybe"}, {"has": "yes", "due": "within"}, {"has": "yes", "due": "soon"},
        {"has": "yes", "task_kind": "x"}, {"has": "yes", "assignee": "999999"}, {"has": "yes", "assignee": "me"},
        {"has": "yes", "days": "x"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_finds_nobody(work, asked):
    with pytest.raises(ValidationError):
        rule.from_tree(tree(**asked))
    assert found(**asked) == set()


def test_a_segment_that_chooses_a_model_may_not_ask_it(work):
    segment = Segment(query={"rule": rule.as_text(tree(has="yes"))})
    assert segments.asks_for_scores(segment) == ["task"]


def test_a_page_of_the_list_and_the_builder_take_it(page, work):
    text = rule.as_text(tree(has="yes", due="overdue"))
    seen = page("/customers/", rule=text)
    assert "<bdi>Late</bdi>" in seen and "<bdi>Soon</bdi>" not in seen and "has an open task (overdue)" in seen
    assert "Anybody" in page("/customers/conditions/", rule=text)


def test_the_day_that_is_closed_is_the_one_that_is_late(work):
    assert found(closed_on=TODAY - timedelta(days=1), has="yes", due="overdue") == set()
