"""Contacts: found by our id, a user id or an e-mail; written by the verb that imports use."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import CharFilter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from core.api.fields import BIGGEST, name_in_path
from core.api.refusals import Conflict
from core.api.schema import lists, reads, writes
from core.api.views import ApiView, checked, listed, page_of
from core.filters import ClosedFilter, IntegerFilter
from core.pagination import Column, Keyset
from customers.models import Contact, Customer, IdentityKind
from desk.api.bodies import ContactBody, ContactOfUserBody
from desk.api.serializers import ContactOut
from records import contacts
from staff.api.authentication import author
from staff.api.requests import ApiRequest

TAG = "contacts"
BY_ID = Keyset((Column("pk"),))


class ContactFilter(ClosedFilter[QuerySet[Contact]]):
    customer = IntegerFilter(label=gettext_lazy("Customer"), min_value=1, max_value=BIGGEST)
    user_id = CharFilter(label=gettext_lazy("User id"), method="filter_user_id", max_length=200)
    email = CharFilter(label=gettext_lazy("E-mail"), method="filter_email", max_length=254)

    def filter_user_id(self, queryset: QuerySet[Contact], name: str, value: str) -> QuerySet[Contact]:
        return queryset.filter(identities__kind=IdentityKind.USER, identities__value=value)

    def filter_email(self, queryset: QuerySet[Contact], name: str, value: str) -> QuerySet[Contact]:
        return queryset.filter(identities__kind=IdentityKind.EMAIL, identities__value=value.lower())


class Contacts(ApiView):
    area = "customers"
    filterset_class = ContactFilter

    @lists("contacts_list", ContactOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List the people at customers."""
        # Visitors without a company have a provisional customer each, and would be most of the list.
        people = visible(request).filter(customer__provisional=False)
        filterset = self.filtered(people.prefetch_related("identities"))
        return listed(ContactOut, page_of(filterset.qs, BY_ID, request))


class OneContact(ApiView):
    area = "customers"

    @reads("contacts_retrieve", ContactOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(ContactOut(get_object_or_404(visible(request), pk=pk)).data)

    @writes("contacts_update", ContactBody, ContactOut, TAG)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change a contact; another customer id takes them there, and their past stays where it was."""
        contact = get_object_or_404(visible(request), pk=pk)
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
        with transaction.atomic():
            row = {**data, self.field: self.normalise(name)}
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

    def _known(self, request: ApiRequest, row: dict[str, Any]) -> Contact | None:
        """Return the contact that the row names. Raises Http404 if one it names is not visible to the caller."""
        keys = [(IdentityKind.USER, row.get("user_id")), (IdentityKind.EMAIL, str(row.get("email", "")).lower())]
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
            return str(serializers.EmailField(max_length=200).run_validation(name)).lower()
        except ValidationError as error:
            raise ValidationError({"email": error.detail}) from None


def visible(request: ApiRequest) -> QuerySet[Contact]:
    return Contact.objects.filter(customer__in=Customer.objects.visible_to(request.user))


def save(view: ApiView, row: dict[str, Any]) -> Any:
    try:
        [contact] = contacts.write([row], now=view.now, by=author(view.request))
    except ValueError as error:
        raise ValidationError([str(error)]) from None
    except LookupError as error:  # it went between the check and the write
        raise ValidationError({"customer_id": [str(error)]}, "does_not_exist") from None
    return ContactOut(contact).data
