"""Inbound webhooks for answers of other tools: their secrets, by the Standard Webhooks specification.

A secret must be known to verify with, so it cannot be stored as a hash; it is derived from the installation's own
key, the address and a generation, and stands in no table. Renewed, the former one works for a week.
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook, WebhookVerificationError

from surveys.models import Hook

OVERLAP = timedelta(days=7)
_SALT = "surveys.hooks"  # never renamed: every secret in use is derived with it


def find(slug: str) -> Hook | None:
    """Return the webhook of an address, if it has not been ended. One query."""
    if "\0" in slug or len(slug) > 40:
        return None
    return Hook.objects.select_related("survey").filter(slug=slug, ended_at=None).first()


def secret_of(hook: Hook) -> str:
    """Return the secret with which the other tool signs."""
    return _secret(hook.slug, hook.generation, settings.SECRET_KEY)


@transaction.atomic
def renew(hook: Hook, *, now: datetime) -> Hook:
    """Give it another secret; the former one works for a week, the one before that no longer."""
    row = Hook.objects.select_for_update().get(pk=hook.pk)
    row.generation, row.rotated_at = row.generation + 1, now
    row.save(update_fields=["generation", "rotated_at"])
    return row


def end(hook: Hook, *, now: datetime) -> None:
    """Take nothing more from it. Idempotent; it cannot be undone. One query."""
    Hook.objects.filter(pk=hook.pk, ended_at=None).update(ended_at=now)


def is_signed(hook: Hook, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> bool:
    """Tell whether the body was signed with the secret, or the former one, within five minutes of now."""
    return any(_verified(secret, raw, headers) for secret in _accepted(hook, now))


def _accepted(hook: Hook, now: datetime) -> Iterator[str]:
    generations = [hook.generation]
    if hook.rotated_at is not None and now < hook.rotated_at + OVERLAP:
        generations.append(hook.generation - 1)
    # Former keys of the installation too: rotating SECRET_KEY must not silence the tools that sign.
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        for generation in generations:
            yield _secret(hook.slug, generation, key)


def _secret(slug: str, generation: int, key: str) -> str:
    digest = salted_hmac(_SALT, f"{slug}:{generation}", secret=key, algorithm="sha256").digest()
    return f"whsec_{base64.b64encode(digest).decode()}"


def _verified(secret: str, raw: bytes, headers: Mapping[str, str]) -> bool:
    try:
        Webhook(secret).verify(raw, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # ValueError: a signature or body that is none
        return False
    return True
