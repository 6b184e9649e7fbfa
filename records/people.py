"""What a message calls the contacts it is about."""

from collections.abc import Collection
from typing import Any

from customers.models import Identity, IdentityKind


def named(contacts: Collection[int]) -> dict[int | None, dict[str, Any]]:
    """Return for each contact what a message calls them by: the user id, else the e-mail. One query."""
    names = {IdentityKind.EMAIL: "email", IdentityKind.USER: "userId"}
    found: dict[int | None, dict[str, Any]] = {}
    rows = Identity.objects.filter(contact__in=contacts, kind__in=names).order_by("kind", "-pk")
    for contact, kind, value in rows.values_list("contact", "kind", "value"):  # "email" comes before "user"
        found[contact] = {names[IdentityKind(kind)]: value}
    return found
