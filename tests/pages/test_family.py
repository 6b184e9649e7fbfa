"""A parent's page: the customers below it, and their sums beside its own figures."""

import re
from decimal import Decimal

from customers.models import Contact, Customer
from records.models import Ticket
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.test_customer_360 import at, part


def sums(seen):
    """Return line → the customer's own figure and the sum of those below, of the table of the family."""
    table = part(seen, "family", "</table>")
    lines = re.findall(r'<th scope="row">([^<]*)</th>(.*?)</tr>', table)
    plain = [(name, re.findall(r"<td[^>]*>(.*?)</td>", cells)) for name, cells in lines]
    return {name: [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in cells] for name, cells in plain}


def test_the_family_adds_up_and_shows_only_whom_the_reader_may_see(client, begun):
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    parent = cast.customer("Holding", owner=lou, mrr=Decimal(100))
    cast.at_risk("Own child", owner=lou, mrr=Decimal(200), parent=parent)
    cast.at_risk("Foreign child", mrr=Decimal(4000), parent=parent)
    client.force_login(lou)
    seen = " ".join(client.get(at(parent)).content.decode().split())
    assert "Own child" in seen
    assert "Foreign child" not in seen
    assert sums(seen)["MRR"] == ["€100", "€200"]
    assert sums(seen)["At risk"] == ["–", "1"]


def test_the_sums_of_a_family_cover_every_level_and_the_list_the_first(page, maya):
    top = cast.customer("Group", owner=maya, mrr=Decimal(100))
    middle = cast.customer("Country", owner=maya, mrr=Decimal(20), parent=top)
    cast.at_risk("Branch", owner=maya, mrr=Decimal(3), parent=middle)
    seen = page(at(top))
    assert sums(seen)["Customers"] == ["–", "2"]
    assert sums(seen)["MRR"] == ["€100", "€23"]
    assert sums(seen)["At risk"] == ["–", "1"]
    family = part(seen, "family")
    assert "2 customers below, at every level" in family
    assert "enter no total, no score and no sum of a list" in family
    assert "Country" in family
    assert "Branch" not in family


def test_the_sums_of_a_family_stand_beside_its_own_figures(page, maya):
    top = cast.customer("Group", owner=maya)
    cast.score(top, engagement=1_000)
    branch = cast.customer("Branch", owner=maya, mrr=Decimal(7), parent=top)
    shop = cast.customer("Shop", owner=maya, parent=branch)
    cast.score(branch, engagement=4_000)
    cast.score(shop, engagement=-500)
    Contact.objects.create(customer=top, name="Ann", created_at=NOW)
    for customer in (branch, shop, shop):
        Contact.objects.create(customer=customer, name="Bob", created_at=NOW)
        Ticket.objects.create(customer=customer, subject="Slow", opened_at=NOW)
    Ticket.objects.create(customer=shop, subject="Solved", opened_at=NOW, solved_at=NOW)
    assert sums(page(at(top))) == {
        "Customers": ["–", "2"],
        "MRR": ["–", "€7 1 unknown"],
        "Engagement": ["10", "35"],
        "Contacts": ["1", "3"],
        "Open tickets": ["0", "3"],
        "At risk": ["–", "0"],
    }


def test_who_left_and_amounts_without_a_rate_are_in_no_sum_of_a_family(page, maya):
    top = cast.customer("Group", owner=maya, mrr=Decimal(100))
    cast.customer("Left", owner=maya, parent=top, mrr=Decimal(5), stage="churned", churned_on=cast.TODAY)
    cast.customer("Kept away", owner=maya, parent=top, mrr=Decimal(5), stage="archived")
    cast.customer("No rate", owner=maya, parent=top, mrr=Decimal(5), currency="CHF")
    cast.customer("Provisional", owner=maya, parent=top, mrr=Decimal(5), provisional=True)
    seen = page(at(top))
    assert sums(seen)["Customers"] == ["–", "1"]
    assert sums(seen)["MRR"] == ["€100", "–"]
    assert "2 more have churned or are archived" in part(seen, "family")


def test_a_family_in_a_circle_is_added_up_once(page, maya):
    top = cast.customer("Group", owner=maya, mrr=Decimal(100))
    branch = cast.customer("Branch", owner=maya, mrr=Decimal(20), parent=top)
    Customer.objects.filter(pk=top.pk).update(parent=branch)
    assert sums(page(at(top)))["MRR"] == ["€100", "€20"]
    assert sums(page(at(branch)))["MRR"] == ["€20", "€100"]


def test_a_foreign_parent_is_not_named(client, begun):
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    child = cast.customer("Own", owner=lou, parent=cast.customer("Foreign holding"))
    client.force_login(lou)
    assert "Foreign holding" not in client.get(at(child)).content.decode()
