from events.models.correction import Correction, CorrectionPart
from events.models.counts import ActiveDay, ActiveNow, CountNow, DailyCount, SourceDay
from events.models.event import Event, Flag
from events.models.event_type import Channel, EventType
from events.models.parting import Parting, PartingPart
from events.models.rejected import Rejected, RejectedDropped
from events.models.seen import Seen
from events.models.source import Source
from events.models.type_day import TypeDay

__all__ = [
    "ActiveDay",
    "ActiveNow",
    "Channel",
    "Correction",
    "CorrectionPart",
    "CountNow",
    "DailyCount",
    "Event",
    "EventType",
    "Flag",
    "Parting",
    "PartingPart",
    "Rejected",
    "RejectedDropped",
    "Seen",
    "Source",
    "SourceDay",
    "TypeDay",
]
