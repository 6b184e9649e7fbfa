"""Contacts that a request names by our id, a user id or an e-mail, among those it may see."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from core.api.fields import Body, Id, Identifier, Text
from core.names import addresses
from customers.models import Contact, Identity, IdentityKind
from customers.models.customer import CustomerQuerySet

NAMES = ("contact_id", "user_id", "email")
Key = tuple[str, Any]


class PersonBody(Body):
    """One of these."""

    contact_id = Id(required=False)
    user_id = Identifier(max_length=200, required=False)
    email = Text(max_length=200, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in NAMES) != 1:
            raise ValidationError(_("Name the contact once: by contact_id, user_id or email."))
        return attrs


def key_of(row: Mapping[str, Any]) -> Key | None:
    """Return how the row names its person; None when it names nobody."""
    name = next((candidate for candidate in NAMES if candidate in row), None)
    if name is None:
        return None
    return name, addresses.folded(str(row[name])) if name == "email" else row[name]


def find(rows: Iterable[Mapping[str, Any]], customers: CustomerQuerySet) -> dict[Key, Contact]:
    """Return the contacts of these customers that the rows name. Two queries."""
    keys = {key for row in rows if (key := key_of(row)) is not None}
    # A subquery, not a list of ids: the colleague may see every customer there is.
    seen = Contact.objects.standing().filter(customer__in=customers.order_by().values("pk")).defer("traits", "set_at")
    ids = {value for name, value in keys if name == "contact_id"}
    kinds = {"user_id": IdentityKind.USER, "email": IdentityKind.EMAIL}
    named = Identity.objects.filter(
        kind__in=kinds.values(), value__in={str(value) for name, value in keys if name in kinds}, contact__isnull=False
    )
    # Identities of other customers are read too; `seen` leaves their contacts out.
    pks = {(kind, value): contact for kind, value, contact in named.values_list("kind", "value", "contact_id")}
    contacts = seen.in_bulk([*ids, *{pk for pk in pks.values() if pk}])
    meant = {key: key[1] if key[0] == "contact_id" else pks.get((kinds[key[0]], key[1])) for key in keys}
    return {key: contacts[pk] for key, pk in meant.items() if pk in contacts}
