"""Attempts to sign in, counted in PostgreSQL per account and network before a password is looked at.

    attempt = attempts.begin(attempts.of_sign_in(request, address), now=now)     # raises TooSoon: no hash is computed
    attempt.succeeded()

An attempt counts as a failure from its beginning: of many at once only the free ones pass, however fast they come.
A refused one counts nothing, so impatience makes no wait longer. Nobody is locked out: a browser in which the colleague
signed in before has counts of its own (staff/signing_in/devices.py), and choosing a new password by mail makes it one.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from staff.api.authentication import address as address_of
from staff.guesses import network
from staff.models import FailedAttempts
from staff.signing_in import devices
from staff.signing_in.delays import ACCOUNT, NETWORK, PAIR, REQUEST, Delay

KEPT = timedelta(days=1)  # then every delay has long run out
# Returned and locked at once, in the order of the keys: two attempts that share some cannot deadlock.
_LOCK = """
    INSERT INTO staff_failedattempts AS known (key, failures, last_at)
    SELECT key, 0, %s FROM unnest(%s::bytea[]) AS key ORDER BY key
    ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key RETURNING key, failures, last_at
"""
_COUNT = """
    UPDATE staff_failedattempts AS known SET failures = new.failures, last_at = %s
    FROM unnest(%s::bytea[], %s::int[]) AS new (key, failures) WHERE known.key = new.key
"""
_TAKE_BACK = """
    WITH locked AS (SELECT key FROM staff_failedattempts WHERE key = ANY(%s::bytea[]) ORDER BY key FOR UPDATE)
    UPDATE staff_failedattempts AS known
    SET failures = CASE WHEN known.key = ANY(%s::bytea[]) THEN 0 ELSE greatest(known.failures - 1, 0) END
    FROM locked WHERE known.key = locked.key
"""


class TooSoon(ValidationError):
    """Too many wrong passwords lately: `wait` is in whole seconds, at least one."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = max(1, ceil(wait.total_seconds()))
        super().__init__(
            ngettext(
                "Too many attempts. Wait %(seconds)s second, then try again.",
                "Too many attempts. Wait %(seconds)s seconds, then try again.",
                self.wait,
            ),
            code="too_soon",
            params={"seconds": self.wait},
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """One that may go on; it stands as a failure until it succeeds."""

    keys: Mapping[bytes, Delay]

    def succeeded(self) -> None:
        """Forget the failures of this account here; of the wider counts take back this one alone. One query.

        Or somebody with an account of their own could sign in now and then, and guess on.
        """
        self._take_back([key for key, delay in self.keys.items() if delay is PAIR])

    def did_not_happen(self) -> None:
        """Take this one back: no password was looked at. One query."""
        self._take_back([])

    def _take_back(self, forgotten: list[bytes]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_BACK, [[*self.keys], forgotten])


def begin(keys: Mapping[bytes, Delay], *, now: datetime) -> Attempt:
    """Count an attempt under its keys; raises TooSoon. Two queries, one when it is refused."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [now, [*keys]])
        rows = [(bytes(key), failures, last_at) for key, failures, last_at in cursor.fetchall()]
        if wait := max(keys[key].wait(failures, last_at, now) for key, failures, last_at in rows):
            raise TooSoon(wait)
        counted = [(key, keys[key].standing(failures, last_at, now) + 1) for key, failures, last_at in rows]
        cursor.execute(_COUNT, [now, [key for key, _ in counted], [failures for _, failures in counted]])
    return Attempt(keys)


def of_sign_in(request: HttpRequest, address: str) -> dict[bytes, Delay]:
    """Return what an attempt with a password counts under; `address` is what was typed, known or not."""
    account, here = account_of(address), network_of(request)
    if device := devices.known(request, account):
        return {_key("device", account, device): PAIR}
    return {
        _key("pair", account, here): PAIR,
        _key("account", account): ACCOUNT,
        _key("network", here): NETWORK,
    }


def of_request_for_mail(request: HttpRequest, address: str) -> dict[bytes, Delay]:
    """Return what asking for a mail counts under: not the account alone, or strangers could keep it from its owner."""
    here = network_of(request)
    return {_key("mail", account_of(address), here): REQUEST, _key("mails", here): NETWORK}


def account_of(address: str) -> str:
    """Return what stands for an address in counts and logs: a keyed hash, the same for all ways to write it.

    Upper case first: PostgreSQL compares so, and takes a dotless ı for an i.
    """
    folded = unicodedata.normalize("NFKC", address.strip()).upper().casefold()
    return salted_hmac("staff.account", folded, algorithm="sha256").hexdigest()[:32]


def network_of(request: HttpRequest) -> str:
    """Return what stands for the network a request comes from: a keyed hash."""
    return salted_hmac("staff.network", network(address_of(request)), algorithm="sha256").hexdigest()[:32]


def forget(*, now: datetime) -> int:
    """Drop counts of more than a day ago; return how many."""
    return FailedAttempts.objects.filter(last_at__lt=now - KEPT).delete()[0]


def _key(*parts: str) -> bytes:
    return salted_hmac("staff.attempts", "|".join(parts), algorithm="sha256").digest()[:16]
