"""The rows of Identity: read, locked in one order, and guarded while they are missing.

Whoever makes identities calls `hold_missing` before taking locks on rows.
"""

import hashlib
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from core.db import locks
from customers.models import Identity, IdentityKind

if TYPE_CHECKING:
    from typing import TypedDict

    from django_stubs_ext import WithAnnotations

    class HasUser(TypedDict):
        has_user: bool


Key = tuple[str, str]  # kind and value of an identity

# PostgreSQL has room for some 6,400 locks of everybody together. One batch can bring 6,000 new identities.
MOST_LOCKS = 300
_LOCK = 3  # the job "make identities": shared by those who lock single keys


def hold_missing(keys: Collection[Key]) -> None:
    """Keep others from making these identities: a lock for each, or alone against all who make any."""
    many = len(keys) > MOST_LOCKS
    # Those with few identities share it, so they do not wait for each other; one with many waits for them all.
    locks.hold(locks.Space.JOB, [_LOCK], shared=not many)
    if not many:
        locks.hold(locks.Space.IDENTITY, [_lock_number(key) for key in keys])


def find(keys: Collection[Key]) -> "list[WithAnnotations[Identity, HasUser]]":
    """Read identities with what they name and whether the contact has a user id. One query."""
    values: dict[str, set[str]] = {}
    for kind, value in keys:
        values.setdefault(kind, set()).add(value)
    condition = Q(pk__in=[])
    for kind, some in values.items():
        condition |= Q(kind=kind, value__in=some)
    user = Identity.objects.filter(contact=OuterRef("contact"), kind=IdentityKind.USER)
    return list(
        Identity.objects.filter(condition)
        .select_related("customer", "contact__customer")
        .only(
            "kind", "value", "customer__provisional",
            "contact__joined_at", "contact__stop_scoring", "contact__customer__provisional",
        )
        .annotate(has_user=Exists(user))
        .order_by("pk")
    )  # fmt: skip


def lock(keys: Collection[Key], contacts: Collection[int] = ()) -> None:
    """Keep others from repointing these identities, and all names of these contacts.

    Whoever stores or withdraws events of contacts holds their names so; who changes what of them counts takes
    `lock_contacts`, and waits for those. One query.
    """
    _ids(keys, contacts, strength="FOR SHARE")


def lock_contacts(contacts: Collection[int]) -> None:
    """Wait for all who store or withdraw events of these contacts, and keep others from it. One query."""
    _ids((), contacts, strength="FOR UPDATE")


def lock_exclusively(keys: Collection[Key], contacts: Collection[int]) -> list[int]:
    """Keep others from reading the people of these identities, and all names of these contacts; return them.

    Companies among the identities are only kept from being repointed: others may go on storing events for them.
    """
    people = _ids(keys, contacts, "contact_id IS NOT NULL", strength="FOR UPDATE")
    # Afterwards, whatever their numbers: nobody takes these alone, so nobody waits for them.
    return sorted([*people, *_ids(keys, (), "customer_id IS NOT NULL", strength="FOR SHARE")])


def locked_with(keys: Collection[Key], contacts: Collection[int]) -> list[int]:
    """Return the ids of these identities, and of all names of these contacts, in order."""
    return _ids(keys, contacts)


def _ids(keys: Collection[Key], contacts: Collection[int], of: str = "TRUE", *, strength: str = "") -> list[int]:
    kinds, values = [kind for kind, _ in keys], [value for _, value in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT id FROM customers_identity
            WHERE ((kind, value) IN (SELECT * FROM unnest(%s::text[], %s::text[])) OR contact_id = ANY(%s::bigint[]))
              AND {of}
            ORDER BY id {strength}
            """,  # noqa: S608
            [kinds, values, list(contacts)],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _lock_number(key: Key) -> int:
    # 32 bits, as advisory locks with a space have. A collision only makes two batches wait for each other.
    digest = hashlib.blake2b("\0".join(key).encode(), digest_size=4).digest()
    return int.from_bytes(digest, signed=True)
