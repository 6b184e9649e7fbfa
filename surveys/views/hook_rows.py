"""Answers as a webhook brought them: taken as the API takes them, and kept with the reason where they are not."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from core.api.errors import in_words
from staff.models import Role, User
from surveys.answering.external_answers import Taken
from surveys.api import incoming
from surveys.models import Hook, Refused, Via

LONGEST_ID = 200  # characters, as `incoming.GivenBody` allows


def named(row: Any, name: str, now: datetime) -> Any:
    """Give the answer an external id and a time where it has none, so that a repeat is the same answer."""
    if not isinstance(row, dict):
        return row
    own = name if len(name) <= LONGEST_ID else hashlib.sha256(name.encode()).hexdigest()
    defaults = {"external_id": own, "answered_at": now.isoformat()}
    return {**row, **{key: value for key, value in defaults.items() if row.get(key) in (None, "")}}


def take(hook: Hook, rows: Sequence[Any], *, now: datetime) -> list[Taken]:
    """Write the answers; return what became of each. A webhook acts for the company: it may name any customer."""
    # Never saved: no colleague is behind a webhook, but what may be seen is decided by a role.
    company = User(name=hook.name, role=Role.LEAD)
    return incoming.take(hook.survey, [_checked(row) for row in rows], user=company, via=Via.WEBHOOK, now=now)


def _checked(row: Any) -> Any:
    """Return what the row says, or why it cannot be taken."""
    if not isinstance(row, dict):
        return _("An answer is a JSON object.")
    body = incoming.GivenBody(data=row)
    try:
        body.is_valid(raise_exception=True)
    except ValidationError as error:
        return in_words(error)
    return body.validated_data


def keep(hook: Hook, rows: Sequence[Any], taken: Sequence[Taken], *, now: datetime) -> None:
    """Keep those that were not taken, each once. One query, none when all were taken."""
    refused = [
        (_written(row), outcome.problem) for row, outcome in zip(rows, taken, strict=True) if outcome.answer is None
    ]
    made = [
        Refused(hook=hook, received_at=now, reason=problem[:300], body=body, digest=_digest(body))
        for body, problem in refused
    ]
    if made:
        # A retried delivery brings the same refusals: the unique digest keeps them once.
        Refused.objects.bulk_create(made, ignore_conflicts=True)


def _digest(body: str) -> bytes:
    """Return what identifies it: its external id, else the whole body."""
    row = orjson.loads(body)
    # Not the body: where the sender gave no time, ours stands in it and differs with each retry.
    name = f"id:{row['external_id']}" if isinstance(row, dict) else body
    return hashlib.sha256(name.encode()).digest()


def _written(row: Any) -> str:
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS).decode()


@transaction.atomic
def replay(refused: Refused, *, now: datetime) -> str:
    """Try to take a refused answer again; return why it failed, or "" when it was taken."""
    # Locked, so that of two admins who press at once the second finds it replayed.
    row = Refused.objects.select_for_update(of=("self",)).select_related("hook__survey").get(pk=refused.pk)
    if row.replayed_at is not None:
        return ""
    [taken] = take(row.hook, [orjson.loads(row.body)], now=now)
    if taken.answer is None:
        return taken.problem
    row.replayed_at = now
    row.save(update_fields=["replayed_at"])
    return ""
