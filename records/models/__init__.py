from records.models.contract import Contract
from records.models.invoice import Invoice
from records.models.key import RecordKey
from records.models.note import Note, Pulse
from records.models.parts import Record
from records.models.renewal_forecast import RenewalForecast
from records.models.ticket import Priority, Ticket

__all__ = ["Contract", "Invoice", "Note", "Priority", "Pulse", "Record", "RecordKey", "RenewalForecast", "Ticket"]
