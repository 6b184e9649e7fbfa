"""Contacts: found by our id, a user id or an e-mail; written by the verb that imports use."""

from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from core.api.fields import Email, name_in_path
from core.api.refusals import Conflict
from core.api.schema import lists, reads, writes
from core.api.views import ApiView, checked, listed, page_of
from core.days import business_day
from core.pagination import Column, Keyset
from customers.api.wrong_ids import not_wrong_in_path
from customers.models import Contact, IdentityKind
from customers.models.contact import CALLED, ContactQuerySet
from desk.api.bodies import ContactBody, ContactOfUserBody
from desk.api.curation import REASON, found, remove
from desk.api.serializers import ContactOut
from desk.contacts.activity import with_last_active
from desk.contacts.filters import ContactFilter
from desk.curation.subjects import CONTACTS
from events.api.acts import ActOut
from records import contacts
from staff.api.authentication import author
from staff.api.requests import ApiRequest

TAG = "contacts"
BY_ID = Keyset((Column("pk"),))


class Contacts(ApiView):
    area = "customers"
    filterset_class = ContactFilter

    @lists("contacts_list", ContactOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List the people at customers, filtered as on the page: an address of the page works here."""
        today = business_day(self.now)
        people = Contact.objects.visible_to(request.user).known().prefetch_related("identities")
        filterset = self.filtered(people, today=today)
        rows = with_last_active(filterset.qs, today).annotate(called=CALLED).select_related("customer")
        # By id unless asked otherwise: whoever is renamed meanwhile is neither missed nor met twice.
        order = filterset.keyset if filterset.cleaned_data["sort"] else BY_ID
        return listed(ContactOut, page_of(rows, order, request))


class OneContact(ApiView):
    area = "customers"

    @reads("contacts_retrieve", ContactOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Read a contact. One who was merged is a 404 that names the contact they are part of now."""
        return Response(ContactOut(found(CONTACTS, request, pk)).data)

    @writes("contacts_update", ContactBody, ContactOut, TAG)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change a contact; another customer id takes them there, and their past stays where it was."""
        contact = found(CONTACTS, request, pk)
        # Newest first: of several of a kind the oldest comes last and is kept, the one the page's form uses.
        names = dict(contact.identities.order_by("-pk").values_list("kind", "value"))
        if IdentityKind.USER in names:
            row = {"user_id": names[IdentityKind.USER]}
        elif IdentityKind.EMAIL in names:
            row = {"email": names[IdentityKind.EMAIL]}
        else:
            raise Conflict(_("This visitor has neither a user id nor an e-mail yet. PUT them by one of these."))
        data = checked(ContactBody(data=request.data, context={"user": request.user}))
        return Response(save(self, {"customer_id": contact.customer_id, **data, **row}))

    @writes("contacts_destroy", None, ActOut, TAG, also=(REASON,))
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Delete a contact who should not exist. Their ids are ignored until released; undo it by the act's id."""
        return remove(CONTACTS, self, request, pk)


class ContactByName(ApiView):
    """A contact by an identity: `kind` of identity, and the `field` of a row that holds it."""

    area = "customers"
    kind: IdentityKind
    field: str
    body: type[ContactBody]

    def retrieve(self, request: ApiRequest, name: str) -> Response:
        identity = {"identities__kind": self.kind, "identities__value": self.normalise(name)}
        return Response(ContactOut(get_object_or_404(visible(request).filter(**identity))).data)

    def upsert(self, request: ApiRequest, name: str) -> Response:
        data = checked(self.body(data=request.data, context={"user": request.user}))
        row = {**data, self.field: self.named(name)}
        with transaction.atomic():
            known = self._known(request, row)
            if "customer_id" not in row and known is None:
                raise ValidationError(
                    {"customer_id": [_("Name the customer this new contact belongs to.")]}, "required"
                )
            # A known contact stays where it is unless the request names another customer.
            at = {} if known is None else {"customer_id": known.customer_id}
            answer = save(self, {**at, **row})
        return Response(answer, 201 if known is None else 200)

    def normalise(self, name: str) -> str:
        return name_in_path(name)

    def named(self, name: str) -> str:
        """Return the name as it is written: `normalise` is for looking it up."""
        return self.normalise(name)

    def _known(self, request: ApiRequest, row: dict[str, Any]) -> Contact | None:
        """Return the contact that the row names. Raises Http404 if one it names is not visible to the caller."""
        keys = [(IdentityKind.USER, row.get("user_id")), (IdentityKind.EMAIL, row.get("email"))]
        named: list[Contact | None] = [
            Contact.objects.filter(identities__kind=kind, identities__value=value).first() if value else None
            for kind, value in keys
        ]
        pks = {contact.pk for contact in named if contact}
        # Both identities are checked: writing the row would join them, and so reach a contact of somebody else.
        if visible(request).filter(pk__in=pks).count() != len(pks):
            raise Http404
        return named[0] or named[1]


class ContactByUserId(ContactByName):
    kind, field, body = IdentityKind.USER, "user_id", ContactOfUserBody

    def named(self, name: str) -> str:
        return not_wrong_in_path(super().named(name))

    @reads("contacts_by_user_id_retrieve", ContactOut, TAG)
    def get(self, request: ApiRequest, user_id: str) -> Response:
        """Find a contact by the user id that events carry."""
        return self.retrieve(request, user_id)

    @writes("contacts_by_user_id_upsert", ContactOfUserBody, ContactOut, TAG, status=(200, 201))
    def put(self, request: ApiRequest, user_id: str) -> Response:
        """Make or change the contact of this user id."""
        return self.upsert(request, user_id)


class ContactByEmail(ContactByName):
    kind, field, body = IdentityKind.EMAIL, "email", ContactBody

    @reads("contacts_by_email_retrieve", ContactOut, TAG)
    def get(self, request: ApiRequest, email: str) -> Response:
        """Find a contact by e-mail."""
        return self.retrieve(request, email)

    @writes("contacts_by_email_upsert", ContactBody, ContactOut, TAG, status=(200, 201))
    def put(self, request: ApiRequest, email: str) -> Response:
        """Make or change the contact of this e-mail."""
        return self.upsert(request, email)

    def normalise(self, name: str) -> str:
        try:
            return str(Email().run_validation(name))
        except ValidationError as error:
            raise ValidationError({"email": error.detail}) from None


def visible(request: ApiRequest) -> ContactQuerySet:
    rows: ContactQuerySet = Contact.objects.visible_to(request.user)
    return rows


@transaction.atomic
def save(view: ApiView, row: dict[str, Any]) -> Any:
    try:
        [contact] = contacts.write([row], now=view.now, by=author(view.request))
    except ValueError as error:
        raise ValidationError([str(error)]) from None
    except LookupError as error:  # it went between the check and the write
        raise ValidationError({"customer_id": [str(error)]}, "does_not_exist") from None
    if contact.survey_opt_out and row.get("survey_opt_out") is False:
        # Raised after writing, so that nothing else of the request holds either.
        why = _("This person wants no surveys. Only they can take that back, on the page behind a link in their mail.")
        raise ValidationError({"survey_opt_out": [why]}, "refused_by_person")
    return ContactOut(contact).data
