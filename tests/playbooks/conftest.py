import pytest

from customers import lifecycle
from customers.models import Contact, Customer
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def ada(begun):
    return cast.colleague("Ada")


@pytest.fixture
def bob(begun):
    return cast.colleague("Bob", Role.LEAD)


@pytest.fixture
def acme(begun, ada):
    return Customer.objects.get(pk=lifecycle.create({"name": "Acme", "owner_id": ada.pk}, now=NOW, by=None))


@pytest.fixture
def other(begun):
    return Customer.objects.get(pk=lifecycle.create({"name": "Other"}, now=NOW, by=None))


@pytest.fixture
def joe(acme):
    return Contact.objects.create(customer=acme, name="Joe", email="joe@acme.example", created_at=NOW)
