"""Whose an event is among the people who shared an id, as SQL over its row, and as the parts' keys say it."""

from core.names import addresses
from customers.identities import Key
from customers.models import Identity, IdentityKind
from events.models import Parting

By = Parting.By
_KEYS = {
    By.DEVICE: "{row}.device_id::text",
    By.EMAIL: "left(COALESCE({row}.context #>> '{{traits,email}}', {row}.properties ->> 'email'), 400)",
    By.COMPANY: """(
        SELECT named.customer_id FROM customers_identity AS named WHERE named.id = {row}.company_id
    )::text""",
}


def raw_key(job: Parting, row: str) -> str:
    """Return as SQL what of an event tells whose it is; NULL where nothing does."""
    return _KEYS[By(job.by_what)].format(row=row)


def key(job: Parting, raw: str | None) -> str | None:
    """Return the key of the part that is meant; None for what names nobody."""
    return addresses.email(raw) if job.by_what == By.EMAIL else raw


def person(job: Parting, row: str) -> str:
    """Return as SQL the identity an event is told again under; the parameter `persons` has it by raw key."""
    return f"(%(persons)s::jsonb ->> {raw_key(job, row)})::bigint"


def name_of_part(job: Parting, of_key: str, devices: dict[str, Identity]) -> Key | None:
    """Return the identity of a part's person, by kind and value; None for a device that is not known any more."""
    if job.by_what == By.DEVICE:
        device = devices.get(of_key)
        return None if device is None else (device.kind, device.value)
    if job.by_what == By.EMAIL:
        return IdentityKind.EMAIL.value, of_key
    return IdentityKind.PART.value, f"{job.name.value[:140]} · {job.name_id}-{of_key}"
