"""A running survey, customers with people to ask, and what leads to them."""

from datetime import timedelta

import pytest
from django.utils import translation

from customers import lifecycle
from customers.models import Contact, Customer, Identity, IdentityKind
from staff.models import Role, User
from surveys import lifecycle as making
from surveys.models import Invitation, Wave
from surveys.sending import dispatch
from tests.conftest import NOW


@pytest.fixture
def lead(begun):
    return User.objects.create_user("lead@rapport.example", "correct horse", name="Lead", role=Role.LEAD)


def running(template="nps", *, by=None, now=NOW, **fields):
    """Return a started survey of a template."""
    with translation.override("en"):
        survey = making.create(template, now=now, by=by)
        if fields:
            survey = making.change(survey, fields)
        return making.start(survey, now=now)


@pytest.fixture
def survey(begun):
    return running()


def company(name, **fields):
    return Customer.objects.get(pk=lifecycle.create({"name": name, **fields}, now=NOW, by=None))


def people(count, *, customer=None, start=0, **fields):
    """Return contacts with an address each, of one customer."""
    customer = customer or company(f"Acme {start}")
    rows = Contact.objects.bulk_create(
        Contact(customer=customer, name=f"Kim {i}", email=f"kim{i}@acme.example", created_at=NOW, **fields)
        for i in range(start, start + count)
    )
    Identity.objects.bulk_create(Identity(kind=IdentityKind.EMAIL, value=row.email, contact=row) for row in rows)
    return rows


def invited(survey, *, by, now=NOW, rule="once", **fields):
    """Ask everybody; return the invitations."""
    wave = Wave.objects.create(survey=survey, rule=rule, by=by, starts_at=now - timedelta(minutes=1), **fields)
    dispatch.ask(wave, now=now)
    return list(Invitation.objects.filter(survey=survey).select_related("survey", "contact").order_by("contact"))
