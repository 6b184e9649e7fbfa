from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.names import addresses
from core.web.concurrent_edit import MeanwhileForm
from core.web.forms import AddressField, NameField
from customers.models import Contact, Customer, Identity, IdentityKind


class ContactForm(MeanwhileForm):
    """Somebody at a customer. A person is found again by user id or e-mail, so one of them is needed."""

    name = NameField(label=pgettext_lazy("person", "Name"), max_length=200)
    email = AddressField(label=gettext_lazy("E-mail"), max_length=addresses.MOST)
    role = NameField(label=gettext_lazy("Role"), max_length=100, required=False)
    locale = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False, choices=[("", gettext_lazy("Unknown")), *settings.LANGUAGES]
    )
    survey_opt_out = forms.BooleanField(label=gettext_lazy("No surveys"), required=False)
    stop_scoring = forms.BooleanField(
        label=gettext_lazy("Not scored"),
        required=False,
        help_text=gettext_lazy(
            "For a contact who objects: from today on nothing they did or answered counts in scores, activity or "
            "habits. Open tickets, invoices and contracts are the company’s, and still count. Past days keep their "
            "scores. Clear the box, and the contact counts again."
        ),
    )

    def __init__(self, *args: Any, customer: Customer, contact: Contact | None = None, **kwargs: Any) -> None:
        if contact is not None:
            kwargs["initial"] = {name: getattr(contact, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self._customer, self._contact = customer, contact
        self._user_id, known_email = _names(contact)
        # Sources send any locale ("de-AT"): saving the form must not reset it.
        if contact is not None and contact.locale not in dict(settings.LANGUAGES) and contact.locale:
            self.fields["locale"].choices += [(contact.locale, contact.locale)]  # type: ignore[attr-defined]
        if contact is None:
            return
        if contact.survey_opt_out:
            # Disabled: whatever is sent, the form keeps what stands.
            self.fields["survey_opt_out"].disabled = True
            self.fields["survey_opt_out"].help_text = _(
                "This person wants no surveys. Only they can change that, on the page behind a link in their mail."
            )
        self.can_be_saved = bool(self._user_id or known_email)
        if self._user_id:
            self.fields["email"].required = False
        else:
            # The address is what the row is found by: another one would make a second contact.
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("This contact is identified by the e-mail address, so it cannot change.")
            self.initial["email"] = known_email or contact.email

    can_be_saved = True  # False: a contact without user id and e-mail could not be found again to be changed

    def clean_email(self) -> str:
        """Refuse an address of somebody else's: saving would move them here, or make two of one."""
        email: str = self.cleaned_data["email"]
        owner = (
            Identity.objects.filter(kind=IdentityKind.EMAIL, value=email).select_related("contact__customer").first()
        )
        if email and owner and owner.contact and owner.contact != self._contact:
            here = owner.contact.customer_id == self._customer.pk
            raise forms.ValidationError(
                _("Another contact of this customer has this e-mail address.")
                if here
                else _("A contact of another customer has this e-mail address.")
            )
        return email

    def row(self) -> dict[str, Any]:
        """Return the fields for `contacts.write`."""
        data = dict(self.cleaned_data)
        if self._user_id:
            data["user_id"] = self._user_id
        return {"customer_id": self._customer.pk, **data}


def _names(contact: Contact | None) -> tuple[str | None, str | None]:
    """Return the contact's user id and the address it is found by. One query."""
    if contact is None:
        return None, None
    rows = Identity.objects.filter(contact=contact, kind__in=[IdentityKind.USER, IdentityKind.EMAIL]).order_by("pk")
    names: dict[str, str] = {}
    for kind, value in rows.values_list("kind", "value"):
        names.setdefault(kind, value)
    return names.get(IdentityKind.USER), names.get(IdentityKind.EMAIL)
