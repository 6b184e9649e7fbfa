"""Customers: listed by the filter of the page, made, changed and snoozed."""

from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from core.api.fields import name_in_path
from core.api.refusals import Conflict
from core.api.schema import deletes, lists, reads, writes
from core.api.views import ApiView, checked, listed, page_of
from core.days import business_day
from customers import attention, lifecycle
from customers.api.visible import visible_customer
from customers.api.wrong_ids import not_wrong_in_path
from customers.described.origins import DecidedElsewhere
from customers.models import Customer, FieldOrigin, IdentityKind, Snooze
from desk.api.bodies import CustomerBody, NewCustomerBody, SnoozeBody
from desk.api.curation import REASON, found, remove
from desk.api.serializers import CustomerOut, SnoozeOut, with_relations
from desk.curation.subjects import CUSTOMERS
from desk.list.filters import CustomerFilter
from events.api.acts import ActOut
from staff.api.authentication import author
from staff.api.requests import ApiRequest

TAG = "customers"


class Customers(ApiView):
    area = "customers"
    filterset_class = CustomerFilter

    @lists("customers_list", CustomerOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List customers, filtered and sorted as on the page: an address of the page works here."""
        filterset = self.filtered(Customer.objects.visible_to(request.user).known())
        today = business_day(self.now)
        page = page_of(with_relations(filterset.qs, today), filterset.keyset, request)
        return listed(CustomerOut, page, today=today)

    @writes("customers_create", NewCustomerBody, CustomerOut, TAG, status=(201,))
    def post(self, request: ApiRequest) -> Response:
        """Make a customer. One of this company id is a conflict: to make or change, PUT it by id."""
        row = checked(NewCustomerBody(data=request.data, context={"user": request.user}))
        with transaction.atomic():
            customer, is_new = upsert(self, request, row)
            if not is_new:
                # Within the transaction, so that what the upsert changed of that customer is rolled back.
                raise Conflict(_("A customer with this company id exists already."))
        return Response(serialized(self, customer), 201)


class OneCustomer(ApiView):
    area = "customers"

    @reads("customers_retrieve", CustomerOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Read a customer. One that was merged is a 404 that names the customer it is part of now."""
        return Response(serialized(self, found(CUSTOMERS, request, pk).pk))

    @writes("customers_update", CustomerBody, CustomerOut, TAG)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change a customer; who changed what is kept."""
        customer = found(CUSTOMERS, request, pk)
        changes = checked(CustomerBody(data=request.data, context={"user": request.user}))
        try:
            lifecycle.edit({customer.pk: changes}, now=self.now, by=author(request), origin=FieldOrigin.API)
        except DecidedElsewhere as refusal:
            raise ValidationError({refusal.field: [str(refusal)]}, "decided_elsewhere") from None
        except ValueError as error:
            raise ValidationError({"parent_id": [str(error)]}) from None
        return Response(serialized(self, customer.pk))

    @writes("customers_destroy", None, ActOut, TAG, also=(REASON,))
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Delete a customer that should not exist. Its ids are ignored until released; undo it by the act's id."""
        return remove(CUSTOMERS, self, request, pk)


class CustomerByCompanyId(ApiView):
    area = "customers"

    @reads("customers_by_id_retrieve", CustomerOut, TAG)
    def get(self, request: ApiRequest, company_id: str) -> Response:
        """Find a customer by your own id."""
        matches = Customer.objects.visible_to(request.user).filter(**by_company_id(name_in_path(company_id)))
        return Response(serialized(self, get_object_or_404(matches).pk))

    @writes("customers_by_id_upsert", CustomerBody, CustomerOut, TAG, status=(200, 201))
    def put(self, request: ApiRequest, company_id: str) -> Response:
        """Make or change the customer of your own id. Sent twice, it changes nothing the second time."""
        row = checked(CustomerBody(data=request.data, context={"user": request.user}))
        name = not_wrong_in_path(name_in_path(company_id))
        with transaction.atomic():
            customer, is_new = upsert(self, request, {**row, "company_id": name})
        return Response(serialized(self, customer), 201 if is_new else 200)


class CustomerSnooze(ApiView):
    area = "customers"

    @writes("customers_rest", SnoozeBody, SnoozeOut, TAG)
    def put(self, request: ApiRequest, pk: int) -> Response:
        """Take a customer off the at-risk list: snoozed until a day, or handled and looked at again later."""
        customer, data = visible_customer(request, pk), checked(SnoozeBody(data=request.data))
        try:
            if data["kind"] == Snooze.Kind.HANDLED:
                snooze = attention.handle(customer, reason=data["reason"], now=self.now, by=author(request))
            else:
                snooze = attention.snooze(
                    customer, until=data["until"], reason=data["reason"], now=self.now, by=author(request)
                )
        except ValueError as error:
            raise ValidationError({"until": [str(error)]}) from None
        return Response(SnoozeOut(snooze).data)

    @deletes("customers_wake", TAG)
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """End the snooze."""
        attention.end_snooze(visible_customer(request, pk), now=self.now)
        return Response(status=204)


def by_company_id(company_id: str) -> dict[str, str]:
    return {"identities__kind": IdentityKind.COMPANY, "identities__value": company_id}


def serialized(view: ApiView, pk: int) -> Any:
    today = business_day(view.now)
    # Of all customers: whether it is visible was decided before, and giving it away is allowed.
    return CustomerOut(with_relations(Customer.objects.all(), today).get(pk=pk), context={"today": today}).data


def upsert(view: ApiView, request: ApiRequest, row: dict[str, Any]) -> tuple[int, bool]:
    """Make or change a customer and say whether it is new. Call in a transaction.

    A customer of somebody else is not found; a limited colleague becomes the owner of one they make.
    """
    mine = Customer.objects.visible_to(request.user)
    known = lifecycle.find([row["company_id"]]).get(row["company_id"])
    if known is not None and not mine.filter(pk=known).exists():
        raise Http404
    # Otherwise they could not see what they made.
    if known is None and request.user.is_limited:
        row = {"owner_id": request.user.pk, **row}
    try:
        [pk] = lifecycle.upsert([row], now=view.now, by=author(request), origin=FieldOrigin.API).values()
    except DecidedElsewhere as refusal:
        raise ValidationError({refusal.field: [str(refusal)]}, "decided_elsewhere") from None
    except ValueError as error:
        raise ValidationError({"parent_id": [str(error)]}) from None
    # An owner was named who is somebody else. Refused here, before the transaction ends.
    if known is None and not mine.filter(pk=pk).exists():
        raise ValidationError({"owner_id": [_("You could not see this customer yourself.")]})
    return pk, known is None
