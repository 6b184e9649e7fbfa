"""Rules made by chance find whom a plain evaluation finds, now and at the close of a day."""

import random
from datetime import timedelta

import pytest
import time_machine

from customers import segments
from customers.models import Customer
from customers.segments import rule
from tests.conftest import NOW
from tests.customers.segments import plainly, worlds
from tests.sizes import sizes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", sizes((300, 300), (2_000, 1_000)))
def test_rules_find_whom_a_plain_evaluation_finds(begun, size):
    rules, customers = size
    chance = random.Random(15)
    ones = worlds.make(chance, customers)
    yesterday, found_some = worlds.TODAY - timedelta(days=1), 0
    with time_machine.travel(NOW, tick=False):
        for _ in range(rules):
            tree = plainly.rule(chance)
            rule.from_tree(tree)  # valid: an invalid one would find nobody
            for closed in (None, yesterday):
                query = {"rule": rule.as_text(tree)}
                members = segments.matching(query, Customer.objects.known(), closed_on=closed)
                found = set(members.values_list("pk", flat=True))
                expected = {
                    one.customer.pk for one in ones if not one.customer.provisional and plainly.holds(tree, one, closed)
                }
                assert found == expected, (tree, closed)
                found_some += 0 < len(found) < customers
    assert found_some > rules
