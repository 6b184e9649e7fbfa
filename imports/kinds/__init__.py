"""The kinds of files: one module each, all of one shape (imports/columns.py)."""

from imports.columns import Kind
from imports.kinds import answers, contacts, customers, events
from imports.kinds.records import contracts, invoices, notes, tickets

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        customers.KIND,
        contacts.KIND,
        contracts.KIND,
        invoices.KIND,
        tickets.KIND,
        notes.KIND,
        events.KIND,
        answers.KIND,
    )
}
