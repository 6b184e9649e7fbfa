"""E-mail addresses as keyed hashes: what is refused by an address can be kept when the address itself is not.

The key is a row of the database, made once (migration 0009): a refusal must outlive a new SECRET_KEY and a restored
backup (docs/decisions/0039-consent-belongs-to-the-address.md).
"""

import hashlib
import hmac
import os
import unicodedata
from functools import lru_cache
from typing import Any

from django.db import connection, models

_READ = "SELECT secret FROM customers_addresskey WHERE id = 1"
_MAKE = "INSERT INTO customers_addresskey (id, secret) VALUES (1, %s) ON CONFLICT DO NOTHING"


def folded(email: str) -> str:
    """Return the address as all its spellings are written: capitals, invisible characters and width do not tell."""
    text = "".join(c for c in unicodedata.normalize("NFKC", email) if unicodedata.category(c) not in ("Cf", "Cc"))
    name, at, domain = text.strip().casefold().rpartition("@")
    return f"{name}{at}{_ascii(domain.rstrip('.'))}"


def _ascii(domain: str) -> str:
    """Return the name under which the domain is looked up: "bücher.example" is "xn--bcher-kva.example"."""
    try:
        return domain.encode("idna").decode()
    except UnicodeError:  # no such name can exist; as it was written it is as good as any
        return domain


def digest(email: str) -> bytes | None:
    """Return the 32 bytes that stand for an address, None for no address. One query in each process, none after."""
    text = folded(email)
    return hmac.digest(key(), text.encode(errors="surrogatepass"), hashlib.sha256) if text else None


@lru_cache(maxsize=1)
def key() -> bytes:
    """Return the installation's key of addresses. It never changes, so each process reads it once."""
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        if (row := cursor.fetchone()) is None:  # a table that was emptied; the migration makes the row
            cursor.execute(_MAKE, [os.urandom(32)])
            cursor.execute(_READ)
            row = cursor.fetchone()
    return bytes(row[0])


class AddressField(models.BinaryField):
    """The keyed hash of the row's `email`, written with it, as `auto_now` writes the time.

    What writes columns without Django's fields (`core.db.bulk`, `update()`) sets it itself.
    """

    def pre_save(self, model_instance: Any, add: bool) -> bytes | None:
        value = digest(model_instance.email)
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        # To migrations it is a column like others.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs
