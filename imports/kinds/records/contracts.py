from django.conf import settings
from django.utils.translation import gettext_lazy as _

from imports.cells import values
from imports.kinds.records import shared
from imports.mapping.schema import Column
from records import contracts
from records.models import Contract

KIND = shared.kind(
    name="contracts",
    label=_("Contracts"),
    model=Contract,
    write=contracts.sign,
    columns=(
        Column("name", _("Name"), values.name(200), required=True, also=("contract", "contract name", "subscription"),
               example="Annual plan"),
        Column("starts_on", _("Starts on"), values.day, required=True, is_day=True, example="2026-01-01",
               also=("start", "start date", "signed on")),
        Column("renews_on", _("Renews on"), values.day, is_day=True, also=("renewal", "renewal date"), empty=None,
               example="2027-01-01"),
        Column("ends_on", _("Ended on"), values.day, is_day=True, also=("end", "end date", "ends on"), empty=None),
        Column("monthly_value", _("Monthly value"), values.amount, is_amount=True, also=("mrr", "monthly revenue"),
               empty=None, example="1200.50"),
        Column("currency", _("Currency"), values.currency, empty=settings.BASE_CURRENCY, example="EUR"),
    ),
    naming=("name", "starts_on"),
    ordered=(("starts_on", "ends_on"),),
    defaults={"currency": settings.BASE_CURRENCY},
)  # fmt: skip
