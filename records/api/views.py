"""The addresses of each kind of record. Each names its verb; what they do is in `records.api.records`."""

import uuid

from rest_framework.response import Response

from core.api.filtering import NoFilter
from core.api.schema import deletes, lists, reads, writes
from records import contracts, invoices, notes, tickets
from records.api import bodies
from records.api.records import MOVE, NEWEST_NOTE_FIRST, RecordView
from records.models import Contract, Invoice, Note, Ticket
from staff.api.requests import ApiRequest


class ContractView(RecordView):
    model, out, body, verb = Contract, bodies.ContractOut, bodies.ContractBody, contracts.sign


class Contracts(ContractView):
    filterset_class = NoFilter

    @lists("contracts_list", bodies.ContractOut, "contracts")
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List a customer's contracts."""
        return self.page(request, pk)

    @writes("contracts_create", bodies.ContractBody, bodies.ContractOut, "contracts", status=(201,))
    def post(self, request: ApiRequest, pk: int) -> Response:
        return self.make(request, pk)


class OneContract(ContractView):
    @reads("contracts_retrieve", bodies.ContractOut, "contracts")
    def get(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        return self.one(request, pk, record)

    @writes("contracts_update", bodies.ContractBody, bodies.ContractOut, "contracts")
    def patch(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        return self.change(request, pk, record)

    @deletes("contracts_destroy", "contracts")
    def delete(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        """Delete the contract: what it told is withdrawn, as of today."""
        return self.remove(request, pk, record)


class ContractByExternalId(ContractView):
    @writes(
        "contracts_by_id_upsert", bodies.ContractBody, bodies.ContractOut, "contracts", status=(200, 201), also=(MOVE,)
    )
    def put(self, request: ApiRequest, pk: int, external_id: str) -> Response:
        """Make or change the contract of this id in its own system."""
        return self.put_by_external_id(request, pk, external_id)

    @deletes("contracts_by_id_destroy", "contracts")
    def delete(self, request: ApiRequest, pk: int, external_id: str) -> Response:
        """Delete the contract of this id in its own system."""
        return self.remove_by_external_id(request, pk, external_id)


class InvoiceView(RecordView):
    model, out, body, verb = Invoice, bodies.InvoiceOut, bodies.InvoiceBody, invoices.write


class Invoices(InvoiceView):
    filterset_class = NoFilter

    @lists("invoices_list", bodies.InvoiceOut, "invoices")
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List a customer's invoices."""
        return self.page(request, pk)

    @writes("invoices_create", bodies.InvoiceBody, bodies.InvoiceOut, "invoices", status=(201,))
    def post(self, request: ApiRequest, pk: int) -> Response:
        return self.make(request, pk)


class OneInvoice(InvoiceView):
    @reads("invoices_retrieve", bodies.InvoiceOut, "invoices")
    def get(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        return self.one(request, pk, record)

    @writes("invoices_update", bodies.InvoiceBody, bodies.InvoiceOut, "invoices")
    def patch(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        return self.change(request, pk, record)

    @deletes("invoices_destroy", "invoices")
    def delete(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        """Delete the invoice: what it told is withdrawn, as of today."""
        return self.remove(request, pk, record)


class InvoiceByExternalId(InvoiceView):
    @writes("invoices_by_id_upsert", bodies.InvoiceBody, bodies.InvoiceOut, "invoices", status=(200, 201), also=(MOVE,))
    def put(self, request: ApiRequest, pk: int, external_id: str) -> Response:
        """Make or change the invoice of this id in its own system."""
        return self.put_by_external_id(request, pk, external_id)

    @deletes("invoices_by_id_destroy", "invoices")
    def delete(self, request: ApiRequest, pk: int, external_id: str) -> Response:
        """Delete the invoice of this id in its own system."""
        return self.remove_by_external_id(request, pk, external_id)


class TicketView(RecordView):
    model, out, body, verb = Ticket, bodies.TicketOut, bodies.TicketBody, tickets.write


class Tickets(TicketView):
    filterset_class = NoFilter

    @lists("tickets_list", bodies.TicketOut, "tickets")
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List a customer's tickets."""
        return self.page(request, pk)

    @writes("tickets_create", bodies.TicketBody, bodies.TicketOut, "tickets", status=(201,))
    def post(self, request: ApiRequest, pk: int) -> Response:
        return self.make(request, pk)


class OneTicket(TicketView):
    @reads("tickets_retrieve", bodies.TicketOut, "tickets")
    def get(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        return self.one(request, pk, record)

    @writes("tickets_update", bodies.TicketBody, bodies.TicketOut, "tickets")
    def patch(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        return self.change(request, pk, record)

    @deletes("tickets_destroy", "tickets")
    def delete(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        """Delete the ticket: what it told is withdrawn, as of today."""
        return self.remove(request, pk, record)


class TicketByExternalId(TicketView):
    @writes("tickets_by_id_upsert", bodies.TicketBody, bodies.TicketOut, "tickets", status=(200, 201), also=(MOVE,))
    def put(self, request: ApiRequest, pk: int, external_id: str) -> Response:
        """Make or change the ticket of this id in its own system."""
        return self.put_by_external_id(request, pk, external_id)

    @deletes("tickets_by_id_destroy", "tickets")
    def delete(self, request: ApiRequest, pk: int, external_id: str) -> Response:
        """Delete the ticket of this id in its own system."""
        return self.remove_by_external_id(request, pk, external_id)


class NoteView(RecordView):
    model, out, body, verb = Note, bodies.NoteOut, bodies.NoteBody, notes.write


class Notes(NoteView):
    filterset_class = NoFilter

    @lists("notes_list", bodies.NoteOut, "notes")
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List a customer's notes."""
        return self.page(request, pk, NEWEST_NOTE_FIRST)

    @writes("notes_create", bodies.NoteBody, bodies.NoteOut, "notes", status=(201,))
    def post(self, request: ApiRequest, pk: int) -> Response:
        return self.make(request, pk)


class OneNote(NoteView):
    @reads("notes_retrieve", bodies.NoteOut, "notes")
    def get(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        return self.one(request, pk, record)

    @writes("notes_update", bodies.NoteBody, bodies.NoteOut, "notes")
    def patch(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        return self.change(request, pk, record)

    @deletes("notes_destroy", "notes")
    def delete(self, request: ApiRequest, pk: int, record: uuid.UUID) -> Response:
        """Delete the note: what it told is withdrawn, as of today."""
        return self.remove(request, pk, record)


class NoteByExternalId(NoteView):
    @writes("notes_by_id_upsert", bodies.NoteBody, bodies.NoteOut, "notes", status=(200, 201), also=(MOVE,))
    def put(self, request: ApiRequest, pk: int, external_id: str) -> Response:
        """Make or change the note of this id in its own system."""
        return self.put_by_external_id(request, pk, external_id)

    @deletes("notes_by_id_destroy", "notes")
    def delete(self, request: ApiRequest, pk: int, external_id: str) -> Response:
        """Delete the note of this id in its own system."""
        return self.remove_by_external_id(request, pk, external_id)
