from django.utils.translation import gettext_lazy as _

from imports.cells import values
from imports.kinds.records import shared
from imports.mapping import resolve
from imports.mapping.schema import Column
from records import notes
from records.models import Note, Pulse

KIND = shared.kind(
    name="notes",
    label=_("Notes, calls and meetings"),
    model=Note,
    write=notes.write,
    columns=(
        Column("at", _("At"), values.moment, required=True, is_day=True, also=("date", "time", "when", "created at"),
               example="2026-01-31 14:30"),
        Column("kind", _("Kind"), values.choice(Note.Kind), also=("type",), empty=Note.Kind.NOTE.value, example="call"),
        Column("purpose", _("Purpose"), values.choice(Note.Purpose), empty="", example="service"),
        Column("text", _("Text"), values.text(20_000), required=True, also=("note", "body", "description"),
               example="They want to grow"),
        Column("pulse", _("Pulse"), values.choice(Pulse), also=("mood",), empty="", example="green"),
        shared.CONTACT,
        Column("author_id", _("Author"), values.email, also=("author e-mail", "by"), empty=None,
               find=resolve.colleagues, missing="no colleague"),
    ),
    naming=("at", "kind", "text"),
    defaults={"kind": Note.Kind.NOTE.value},
)  # fmt: skip
