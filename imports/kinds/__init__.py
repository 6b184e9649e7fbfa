"""The kinds of files: one module each, all of one shape (imports/mapping/schema.py)."""

from imports.kinds import answers, contacts, customers, events
from imports.kinds.records import contracts, invoices, notes, tickets
from imports.mapping.schema import ImportKind

KINDS: dict[str, ImportKind] = {
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
