from datetime import datetime

import orjson
from django.db import transaction

from events import ingest
from events.models import Rejected


@transaction.atomic
def replay(row: Rejected, *, now: datetime) -> str:
    """Try to store a rejected message again; return why it failed, or "" when it was stored.

    A message that fails again stays as it is. Its times are read as they were at its first receipt: one without a
    time of its own counts then, and a device's clock is not corrected by the days it lay here.
    """
    # Locked and read again: two admins may press the button at once.
    row = Rejected.objects.select_for_update().get(pk=row.pk)
    if row.replayed_at is not None:
        return ""
    try:
        message = orjson.loads(row.body)
    except orjson.JSONDecodeError as error:
        return f"It is no JSON: {error}"
    outcome = ingest.record([message], source=row.source, now=now, store_rejected=False, received_at=row.received_at)
    if outcome.rejected:
        return outcome.reasons[0]
    row.replayed_at = now
    row.save(update_fields=["replayed_at"])
    return ""
