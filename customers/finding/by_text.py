"""Finding customers and contacts by what people remember: a name, a domain, an address, an id, who works there."""

from django.db.models import Q, QuerySet

from core.db.search import contains, resembles
from customers.models import Contact, Customer, Identity, IdentityKind
from customers.models.contact import ContactQuerySet
from customers.models.customer import CustomerQuerySet

# Ids in these are found whole; by kind, because that is how the identities' index begins.
KINDS = (IdentityKind.COMPANY, IdentityKind.RAPPORT, IdentityKind.USER, IdentityKind.EMAIL)


def matching(customers: CustomerQuerySet, text: str) -> CustomerQuerySet:
    """Keep those whose name, domain, id or contact fits; names also when nearly spelt like it.

    A union, not an OR: each part walks its own index.
    """
    # `union` drops repetitions: one customer may fit by its name and by a contact.
    return customers.filter(pk__in=_by_name(text).union(_by_contact(text), *_by_id(text)))


def matching_contacts(contacts: ContactQuerySet, text: str) -> ContactQuerySet:
    """Keep those whose name, e-mail, user id or known address fits; names also when nearly spelt like it."""
    person = resembles("name", text) | contains("email", text)
    own = Contact.objects.filter(person).order_by().values_list("pk", flat=True)
    named = Identity.objects.filter(kind__in=KINDS, value=text, contact__isnull=False).order_by()
    return contacts.filter(pk__in=own.union(named.values_list("contact_id", flat=True)))


def _by_name(text: str) -> QuerySet[Customer, int]:
    own = resembles("name", text) | contains("domain", text)
    return Customer.objects.filter(own).order_by().values_list("pk", flat=True)


def _by_contact(text: str) -> QuerySet[Contact, int]:
    person = resembles("name", text) | contains("email", text)
    return Contact.objects.standing().filter(person).order_by().values_list("customer_id", flat=True)


def _by_id(text: str) -> list[QuerySet[Identity, int]]:
    named = Identity.objects.filter(kind__in=KINDS, value=text).order_by()
    own = named.filter(Q(customer__isnull=False)).values_list("customer_id", flat=True)
    return [own, named.filter(contact__isnull=False).values_list("contact__customer_id", flat=True)]
