from django.utils.translation import gettext_lazy as _

from imports.cells import values
from imports.kinds.records import shared
from imports.mapping.schema import Column
from records import tickets
from records.models import Priority, Ticket

KIND = shared.kind(
    name="tickets",
    label=_("Tickets"),
    model=Ticket,
    write=tickets.write,
    columns=(
        Column("subject", _("Subject"), values.name(300), required=True, also=("title", "summary"),
               example="Cannot export"),
        Column("priority", _("Priority"), values.choice(Priority), also=("severity",), empty=Priority.NORMAL.value,
               example="normal"),
        shared.CONTACT,
        Column("opened_at", _("Opened at"), values.moment, required=True, is_day=True, example="2026-01-31 14:30",
               also=("opened", "created", "created at", "opened on")),
        Column("first_response_at", _("First answered at"), values.moment, is_day=True, empty=None,
               also=("first response", "first response at", "first answered")),
        Column("escalated_at", _("Escalated at"), values.moment, is_day=True, empty=None, also=("escalated",)),
        Column("solved_at", _("Solved at"), values.moment, is_day=True, empty=None, example="2026-02-01 09:00",
               also=("solved", "closed", "closed at", "resolved", "resolved at")),
    ),
    naming=("subject", "opened_at"),
    ordered=(("opened_at", "first_response_at"), ("opened_at", "escalated_at"), ("opened_at", "solved_at")),
    defaults={"priority": Priority.NORMAL.value},
)  # fmt: skip
