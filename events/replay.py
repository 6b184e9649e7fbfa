from datetime import datetime

import orjson
from django.db import transaction
from django.utils.translation import gettext

from events import ingest
from events.models import Rejected, Source
from events.wire.no_json import no_json_reason


@transaction.atomic
def replay(row: Rejected, *, now: datetime) -> str:
    """Try to store a rejected message again; return why it failed, or "" when it was stored.

    A message that fails again stays as it is; one that was cut is not tried. Its times are read as they were at its
    first receipt: one without a time of its own counts then, and a device's clock is not corrected by the days it lay
    here.
    """
    # Locked and read again: two admins may press the button at once.
    row = Rejected.objects.select_for_update().get(pk=row.pk)
    if row.replayed_at is not None:
        return ""
    if row.is_cut:
        return gettext("It is longer than 64 KiB and was cut, so it cannot be replayed: send it again in parts.")
    try:
        message = orjson.loads(row.body)
    except orjson.JSONDecodeError:
        return no_json_reason(row.body.encode())
    source = Source.objects.with_lists().get(pk=row.source_id)
    outcome = ingest.record([message], source=source, now=now, store_rejected=False, received_at=row.received_at)
    if outcome.rejected:
        return outcome.reasons[0]
    row.replayed_at = now
    row.save(update_fields=["replayed_at"])
    return ""
