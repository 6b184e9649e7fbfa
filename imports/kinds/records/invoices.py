from django.conf import settings
from django.utils.translation import gettext_lazy as _

from imports.cells import values
from imports.kinds.records import shared
from imports.mapping.schema import Column
from records import invoices
from records.models import Invoice

KIND = shared.kind(
    name="invoices",
    label=_("Invoices"),
    model=Invoice,
    write=invoices.write,
    columns=(
        Column("number", _("Number"), values.name(100), required=True, also=("invoice", "invoice number", "invoice no"),
               example="2026-0042"),
        Column("issued_on", _("Issued on"), values.day, required=True, is_day=True, example="2026-01-31",
               also=("date", "invoice date", "issue date", "issued")),
        Column("due_on", _("Due on"), values.day, is_day=True, also=("due", "due date"), empty=None,
               example="2026-02-28"),
        Column("paid_on", _("Paid on"), values.day, is_day=True, empty=None,
               also=("paid", "payment date", "paid date")),
        Column("amount", _("Amount"), values.amount, required=True, is_amount=True, also=("total", "sum"),
               example="1200.50"),
        Column("currency", _("Currency"), values.currency, empty=settings.BASE_CURRENCY, example="EUR"),
        Column("is_void", _("Cancelled"), values.flag, also=("void", "voided", "canceled"), empty=False, example="no"),
    ),
    naming=("number",),
    is_name=True,
    ordered=(("issued_on", "due_on"),),
    defaults={"currency": settings.BASE_CURRENCY},
)  # fmt: skip
