"""Rows of Today: how tests make what brings a customer there, and read the list."""

import re

from customers.models import Identity, IdentityKind
from playbooks import lifecycle as tasks
from surveys.models import Answer, Survey
from tests.conftest import NOW


def known(customer):
    """Give it the name by which its own events find it."""
    Identity.objects.create(kind=IdentityKind.RAPPORT, value=str(customer.pk), customer=customer)
    return customer


def answer(customer, score, **fields):
    survey = Survey.objects.get_or_create(name="NPS", kind="nps", defaults={"created_at": NOW})[0]
    return Answer.objects.create(
        customer=customer, survey=survey, kind="nps", score=score, answered_at=NOW, via="api", **fields
    )


def task(customer, title, due, **fields):
    return tasks.add(customer, title=title, by=None, now=NOW, due_on=due, **fields)


def names(seen, state=""):
    """Return whom the list names, in its order."""
    return re.findall(rf'id="row-\d+" class="round-row{state}".*?<bdi>(.*?)</bdi>', seen)


def shown(client, path="/today/"):
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())
