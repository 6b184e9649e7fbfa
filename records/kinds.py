"""The four kinds of records, by their model."""

from records import contracts, invoices, notes, tickets
from records.models import Record
from records.telling.kind import Kind

_ALL = (contracts.KIND, invoices.KIND, notes.KIND, tickets.KIND)
KINDS: dict[type[Record], Kind] = {kind.model: kind for kind in _ALL}
