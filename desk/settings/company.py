"""The company as those it writes to see it: name, logo, colour, sender. For admins; what they change stays listed."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.web import pictures
from core.web.concurrent_edit import MeanwhileForm
from core.web.forms import AddressField, NameField
from staff import company as companies
from staff.models import Company, CompanyChange
from staff.requests import StaffRequest, for_admins
from surveys.look import NOT_CHOSEN

SHOWN = 10  # changes
LABELS = {
    "name": gettext_lazy("Name"),
    "colour": gettext_lazy("Colour"),
    "logo_id": gettext_lazy("Logo"),
    "sender_name": gettext_lazy("Sender’s name"),
    "sender_address": gettext_lazy("Sender’s address"),
    "started": gettext_lazy("“Get started”"),
}


class CompanyForm(MeanwhileForm):
    name = NameField(
        label=LABELS["name"],
        required=False,
        max_length=100,
        help_text=gettext_lazy("As those you ask know you. It stands on surveys and in mails."),
    )
    logo_file = forms.FileField(
        label=LABELS["logo_id"],
        required=False,
        widget=forms.FileInput(attrs={"accept": pictures.ACCEPT}),
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 200 KB. A survey’s own logo goes before it."),
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)
    colour = forms.RegexField(
        r"^#[0-9a-fA-F]{6}\Z",
        label=LABELS["colour"],
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=gettext_lazy(
            "For the buttons of surveys that chose none of their own. Text on it stays readable automatically."
        ),
        error_messages={"invalid": gettext_lazy("A colour looks like #1257b0.")},
    )
    sender_name = NameField(
        label=LABELS["sender_name"],
        required=False,
        max_length=100,
        help_text=gettext_lazy("Whom survey mails come from. Empty: the company’s name."),
    )
    sender_address = AddressField(label=LABELS["sender_address"], required=False, max_length=200)
    use_required_attribute = False  # a colour has no such attribute

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        plain = {name: getattr(company, name) for name in ("name", "sender_name", "sender_address")}
        super().__init__(*args, initial={**plain, "colour": company.colour or NOT_CHOSEN}, **kwargs)
        self.company = company
        self.fields["sender_address"].help_text = _(
            "Your mail server must be allowed to send for it, or mails end up as spam. Empty: %(address)s."
        ) % {"address": settings.DEFAULT_FROM_EMAIL}
        if company.logo_id is None:
            del self.fields["no_logo"]

    def clean_logo_file(self) -> str | None:
        """Keep the picture; return its digest. None: none was chosen."""
        sent = self.cleaned_data["logo_file"]
        if sent is None:
            return None
        # One byte over the limit is enough to be refused; a huge file is not read into memory.
        return companies.keep_logo(sent.read(pictures.LARGEST + 1)).digest

    def clean_sender_address(self) -> str:
        address: str = self.cleaned_data["sender_address"]
        if not address:
            return ""
        try:
            Address(addr_spec=address)
        except (ValueError, MessageError, IndexError) as fault:
            raise ValidationError(_("Mails cannot be sent from this address.")) from fault
        return address

    def entered(self) -> dict[str, Any]:
        """Return what was entered, for `company.change`."""
        data = self.cleaned_data
        kept = None if data.get("no_logo") else self.company.logo_id
        colour = data["colour"].lower()
        return {
            **{name: data[name] for name in ("name", "sender_name", "sender_address")},
            "colour": "" if colour == NOT_CHOSEN else colour,
            "logo_id": data["logo_file"] or kept,
        }


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def company(request: StaffRequest) -> HttpResponse:
    """Show what is set, with who changed it when; a POST changes it."""
    if request.method != "POST":
        return _page(request, CompanyForm(company=Company.objects.current()), status=200)
    with transaction.atomic():
        form = CompanyForm(request.POST, request.FILES, company=Company.objects.select_for_update().current())
        if not form.is_valid():
            return _page(request, form, status=400)
        if companies.change(form.entered(), now=timezone.now(), by=request.user):
            messages.success(request, _("Saved. Surveys and the mails of surveys look like this from now on."))
    return redirect("desk:company")


def _page(request: StaffRequest, form: CompanyForm, *, status: int) -> HttpResponse:
    current = form.company
    context = {
        "form": form,
        "logo": reverse("answer:company-logo", args=[current.logo_id]) if current.logo_id else "",
        "changes": list(_changes()),
    }
    return render(request, "desk/settings/company_form.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Line:
    """One field of one change, in words."""

    change: CompanyChange
    label: Any
    before: str
    after: str


def _changes() -> Iterator[Line]:
    """Yield the last changes, latest first. One query."""
    for change in CompanyChange.objects.select_related("by")[:SHOWN]:
        for name, (before, after) in change.changes.items():
            yield Line(change, LABELS.get(name, name), _words(name, before), _words(name, after))


def _words(name: str, value: Any) -> str:
    if name == "logo_id":
        return value[:12] if value else _("none")
    if name == "started":
        return _("put away") if value else _("shown")
    return value or _("none")
