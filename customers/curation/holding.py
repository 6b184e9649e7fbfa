"""Names held alone while they are pointed elsewhere: nobody stores for these people and customers meanwhile.

Before the rows of the customers and contacts themselves, which is the order of ingestion.
"""

from collections.abc import Callable, Collection

from django.db import OperationalError, transaction
from psycopg import errors

from core.db import bulk, direct
from customers import identities

_OF_CUSTOMER = """
    SELECT id FROM customers_identity WHERE customer_id = ANY(%s::bigint[]) OR contact_id IN (
        SELECT contact_id FROM customers_membership WHERE customer_id = ANY(%s::bigint[])
        UNION SELECT id FROM customers_contact WHERE customer_id = ANY(%s::bigint[])
    ) ORDER BY id
"""
TRIES = 20


class _More(Exception):
    """Whoever was waited for has added some: to lock those as well would be out of order."""


def customers(ids: Collection[int]) -> None:
    """Hold the names of customers and of all who ever belonged there. Two queries, more when others are in the way."""
    those = bulk.array(sorted(ids))

    def lock() -> bool:
        locked = direct.execute(f"{_OF_CUSTOMER} FOR UPDATE", [those] * 3).fetchall()
        return locked == direct.execute(_OF_CUSTOMER, [those] * 3).fetchall()

    _until_all_are_held(lock)


def contacts(ids: Collection[int]) -> None:
    """Hold all names of contacts. Three queries, more when others are in the way."""

    def lock() -> bool:
        before = identities.locked_with((), ids)
        identities.lock_contacts(ids)
        return before == identities.locked_with((), ids)

    _until_all_are_held(lock)


def _until_all_are_held(lock: Callable[[], bool]) -> None:
    """Lock, each time in a savepoint that gives the locks back when there are more, or when two wait for each other.

    Ingestion that moves people takes companies after them, whatever their ids (identities.lock_exclusively).
    """
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                if lock():
                    return
                raise _More
        except _More:
            continue
        except OperationalError as error:
            if not isinstance(error.__cause__, errors.DeadlockDetected):
                raise
    raise OperationalError(f"The people concerned changed {TRIES} times while they were to be held.")
