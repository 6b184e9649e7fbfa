"""What one request brings, taken apart into messages that can be stored and those that cannot. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.models import Source
from events.rejected import Refused
from events.wire import messages as wire
from events.wire.messages import Message, Unstorable


@dataclass(slots=True)
class Parcel:
    """The messages of one request, all of one source; `refused` are those that cannot be stored, with the reason."""

    source: Source
    messages: list[Message]
    refused: list[Refused]

    def __len__(self) -> int:
        return len(self.messages) + len(self.refused)


def read(
    raws: Sequence[object],
    *,
    source: Source,
    received_at: datetime,
    envelope: Mapping[str, Any],
    history: bool = False,
    internal: bool = False,
) -> Parcel:
    """Check messages as they were sent. The arguments are those of `ingest.record`."""
    parcel = Parcel(source, [], [])
    for raw in raws:
        try:
            message = wire.read(
                raw,
                envelope=envelope,
                received_at=received_at,
                source_id=source.pk,
                history=history,
                internal=internal,
                wrong_ids=source.wrong_ids,
            )
        except Unstorable as error:
            parcel.refused.append(Refused(source.pk, _on_its_own(raw, envelope), str(error)))
        else:
            parcel.messages.append(message)
    return parcel


def _on_its_own(raw: object, envelope: Mapping[str, Any]) -> object:
    """Return the message with the sentAt of its batch: tried again later, its time is to be read as it was."""
    sent_at = envelope.get("sentAt")
    return {**raw, "sentAt": sent_at} if isinstance(raw, Mapping) and sent_at and not raw.get("sentAt") else raw
