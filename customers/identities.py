"""The rows of Identity: read, locked in one order, and guarded while they are missing.

Whoever makes identities calls `hold_missing` before taking locks on rows.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection

from core.db import bulk, direct, locks

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


class Row(NamedTuple):
    """An identity, with the contact it names, if it does, and the customer that is or that the contact belongs to."""

    pk: int
    kind: str
    value: str
    contact: int | None
    customer: int
    provisional: bool
    has_user: bool  # whether the contact it names by itself has a user id
    joined: int | None  # when the contact came to the customer, in microseconds since 1970
    stop_scoring: bool | None
    linked: int | None  # the earliest that an anonymous id was seen with its user id, in microseconds since 1970
    linked_hash: bytes | None  # of the message that said so
    via: int | None  # the contact or customer it names by itself, where that was merged into this one
    is_removed: bool  # whether the contact or customer was deleted, and the name is to be ignored

    @property
    def joined_at(self) -> datetime | None:
        return _instant(self.joined)

    @property
    def linked_at(self) -> datetime | None:
        return _instant(self.linked)

    @property
    def key(self) -> Key:
        return self.kind, self.value


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _instant(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)


_NAMED = "(kind, value) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"
_FIND = """
    SELECT identity.id, identity.kind, identity.value, contact.id, customer.id, customer.provisional,
           identity.kind = 'user' OR EXISTS (
               SELECT FROM customers_identity AS names WHERE names.contact_id = contact.id AND names.kind = 'user'
                 AND names.via IS NOT DISTINCT FROM identity.via
           ),
           -- A number: the driver takes ten times as long to make an instant.
           (extract(epoch FROM contact.joined_at) * 1000000)::bigint, contact.stop_scoring,
           (extract(epoch FROM identity.linked_at) * 1000000)::bigint, identity.linked_hash, identity.via,
           CASE WHEN contact.id IS NULL THEN customer.removed_at ELSE contact.removed_at END IS NOT NULL
    FROM unnest(%s::text[], %s::text[]) AS asked (kind, value)
    JOIN customers_identity AS identity ON identity.kind = asked.kind AND identity.value = asked.value
    LEFT JOIN customers_contact AS contact ON contact.id = identity.contact_id
    JOIN customers_customer AS customer ON customer.id = COALESCE(identity.customer_id, contact.customer_id)
    ORDER BY identity.id
"""
_MISSING = """
    SELECT kind, value FROM unnest(%s::text[], %s::text[]) AS asked (kind, value) WHERE NOT EXISTS (
        SELECT FROM customers_identity AS identity WHERE identity.kind = asked.kind AND identity.value = asked.value
    )
"""
_LOCK_ROWS = f"SELECT id FROM customers_identity WHERE {_NAMED} ORDER BY id FOR SHARE"  # noqa: S608


_LINK = """
    UPDATE customers_identity AS identity SET linked_at = new.at, linked_hash = new.hash
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::bytea[]) AS new (id, at, hash) WHERE identity.id = new.id
"""


def link(stated: Mapping[Key, tuple[datetime, bytes]], ids: Mapping[Key, int]) -> None:
    """Write since when anonymous ids are known to be their users', and which message said so. One query at most."""
    if stated:
        rows = sorted((ids[key], *when) for key, when in stated.items())
        direct.execute(_LINK, [bulk.array(column) for column in zip(*rows, strict=True)])


def ask(keys: Collection[Key]) -> direct.Answer:
    """Read identities with what they name: rows of `Row`, in order of id."""
    return direct.execute(_FIND, _columns(keys))


def ask_lock(keys: Collection[Key], *, wait: bool) -> direct.Answer:
    """Lock identities as `lock` does, their ids coming back; those another transaction changes only if told to wait."""
    return direct.execute(_LOCK_ROWS if wait else f"{_LOCK_ROWS} SKIP LOCKED", _columns(keys))


def ask_missing(keys: Collection[Key]) -> direct.Answer:
    """Read which identities do not exist: rows of kind and value."""
    return direct.execute(_MISSING, _columns(keys))


def rows(answer: direct.Answer) -> list[Row]:
    return [*map(Row._make, answer.fetchall())]


def _columns(keys: Collection[Key]) -> tuple[str, str]:
    return bulk.texts(kind for kind, _ in keys), bulk.texts(value for _, value in keys)


def lock(keys: Collection[Key], contacts: Collection[int] = ()) -> list[int]:
    """Keep others from repointing these identities, and all names of these contacts; return which were locked.

    Whoever stores or withdraws events of contacts holds their names so; who changes what of them counts takes
    `lock_contacts`, and waits for those. One query.
    """
    return _ids(keys, contacts, strength="FOR SHARE")


def lock_contacts(contacts: Collection[int]) -> None:
    """Wait for all who store or withdraw events of these contacts, and keep others from it. One query."""
    _ids((), contacts, strength="FOR UPDATE")


def lock_exclusively(keys: Collection[Key], contacts: Collection[int]) -> list[int]:
    """Keep others from reading the people of these identities, and all names of these contacts; return them.

    Companies among the identities are only kept from being repointed: others may go on storing events for them.
    """
    people = _ids(keys, contacts, "contact_id IS NOT NULL", strength="FOR UPDATE")
    # Afterwards, whatever their ids: only colleagues take these alone, and begin again when two wait for each other.
    return sorted([*people, *_ids(keys, (), "customer_id IS NOT NULL", strength="FOR SHARE")])


def locked_with(keys: Collection[Key], contacts: Collection[int]) -> list[int]:
    """Return the ids of these identities, and of all names of these contacts, in order."""
    return _ids(keys, contacts)


def _ids(keys: Collection[Key], contacts: Collection[int], of: str = "TRUE", *, strength: str = "") -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT id FROM customers_identity
            WHERE ({_NAMED} OR contact_id = ANY(%s::bigint[]))
              AND {of}
            ORDER BY id {strength}
            """,  # noqa: S608
            [*_columns(keys), list(contacts)],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _lock_number(key: Key) -> int:
    # 32 bits, as advisory locks with a space have. A collision only makes two batches wait for each other.
    digest = hashlib.blake2b("\0".join(key).encode(), digest_size=4).digest()
    return int.from_bytes(digest, signed=True)
