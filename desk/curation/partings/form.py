"""Which id people shared, by what they are told apart; and with whom the rest stays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.forms import EntryForm
from customers.models import Contact, Identity, IdentityKind
from events.models import Parting
from events.parting import lifecycle, parts
from events.parting.parts import Part
from staff.models import User

_NAME = gettext_lazy("The one that several people sent.")
_BY_WHAT = gettext_lazy("What came without it stays with the contact. You see how many events that is first.")
_REST = gettext_lazy("Events of which nobody knows whose they are. Tickets, notes and answers stay there as well.")
_LISTED = gettext_lazy("New messages then go by their device. Left off, the next one that has both joins them again.")
CONTACT = "contact"


class PartingForm(EntryForm):
    """The question."""

    name = forms.TypedChoiceField(label=gettext_lazy("Shared id"), help_text=_NAME, coerce=int)
    by_what = forms.ChoiceField(label=gettext_lazy("Part people"), help_text=_BY_WHAT, choices=Parting.By.choices)

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {name.pk: name for name in lifecycle.names_of(contact.pk)}
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)
        kinds = {str(kind): str(label) for kind, label in IdentityKind.choices}
        field.choices = [(pk, f"{kinds[name.kind]}: {name.value}") for pk, name in self.names.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        name = self.names.get(data.get("name", 0))
        if name is not None and (refusal := lifecycle.refuse(name, data.get("by_what", ""))):
            self.add_error("by_what", refusal)
        return data

    def ask(self, *, now: datetime, by: User) -> Parting:
        """Have workers count into whom the id would be parted."""
        name: Identity = self.names[self.cleaned_data["name"]]
        return lifecycle.ask(name, self.cleaned_data["by_what"], now=now, by=by)


class CarryOutForm(EntryForm):
    """The answer: one of the people, those with the most events being offered, or the contact as it is."""

    rest_with = forms.ChoiceField(label=gettext_lazy("The rest stays with"), help_text=_REST)
    puts_on_list = forms.BooleanField(
        required=False, initial=True, label=gettext_lazy("Put the id on the list of wrong ids"), help_text=_LISTED
    )

    def __init__(self, *args: Any, people: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rest_with"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(CONTACT, _("The contact as it is")), *((part.key, part.label) for part in people)]

    def clean_rest_with(self) -> str:
        chosen: str = self.cleaned_data["rest_with"]
        return "" if chosen == CONTACT else chosen


def to_carry_out(job: Parting, data: Any = None) -> CarryOutForm:
    return CarryOutForm(data, people=parts.largest(job))
