"""The company: how those it writes to see it, changed by admins, with a trail."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import transaction

from core.web import pictures
from staff.models import Company, CompanyChange, CompanyLogo, User

FIELDS = ("name", "colour", "logo_id", "sender_name", "sender_address")


@transaction.atomic
def change(values: Mapping[str, Any], *, now: datetime, by: User) -> bool:
    """Set any of FIELDS and leave a line in the trail; return whether anything was different."""
    company = _held()
    pairs = {name: [getattr(company, name), values[name]] for name in FIELDS if name in values}
    pairs = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not pairs:
        return False
    for name, (_before, after) in pairs.items():
        setattr(company, name, after)
    company.save(update_fields=[*pairs])
    CompanyChange.objects.create(at=now, by=by, changes=pairs)
    return True


@transaction.atomic
def dismiss_get_started(is_dismissed: bool, *, now: datetime, by: User) -> None:
    """Put “Get started” away for everybody, or show it again."""
    company = _held()
    if (was_dismissed := company.get_started_dismissed_at is not None) != is_dismissed:
        company.get_started_dismissed_at = now if is_dismissed else None
        company.save(update_fields=["get_started_dismissed_at"])
        CompanyChange.objects.create(at=now, by=by, changes={"started": [was_dismissed, is_dismissed]})


def _held() -> Company:
    Company.objects.get_or_create(pk=1)
    return Company.objects.select_for_update().get(pk=1)


def keep_logo(body: bytes) -> CompanyLogo:
    """Store a picture; the same one is stored once. Raises ValidationError."""
    kind = pictures.kind_of(body)
    digest = hashlib.sha256(body).hexdigest()
    return CompanyLogo.objects.get_or_create(digest=digest, defaults={"kind": kind, "body": body})[0]


def sender_name(company: Company) -> str:
    """Return who mails to customers come from: as an admin set it, else the company, else the name in EMAIL_FROM."""
    return company.sender_name or company.name or parseaddr(settings.DEFAULT_FROM_EMAIL)[0]


def sender(company: Company) -> str:
    """Return the sender of mails to customers, name and address."""
    if not (company.sender_name or company.name or company.sender_address):
        return settings.DEFAULT_FROM_EMAIL
    address = company.sender_address or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    # In parts, which are not parsed: nothing that an operator wrote into EMAIL_FROM can stop a mail here.
    user, _at, domain = address.rpartition("@")
    return str(Address(display_name=sender_name(company), username=user, domain=domain))
