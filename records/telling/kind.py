from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from records.models import Record
from records.telling.happening import Happening


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: what it tells, and which inputs of health it bears on."""

    model: type[Record]
    parts: tuple[str, ...]
    # The record and the day → what has happened by then.
    events_of: Callable[[Any, date], Iterable[Happening]]
    # All days and instants on which time alone may change what it says.
    moments_of: Callable[[Any], Iterable[date | datetime | None]]
    # Log the inputs of these customers; besides them the records just written, and the open day.
    note_inputs: Callable[[Collection[int], Sequence[Any], date], None] = lambda _customers, _written, _open_day: None
    # The same for days before the open one, from a declared history.
    log_past: Callable[[Collection[int], date], None] = lambda _customers, _open_day: None

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)
