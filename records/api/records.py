"""What the four kinds of records share: a customer's list, one by our id or by its id in its own system."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from core.api.fields import Body, keep_constraints, name_in_path
from core.api.refusals import Conflict
from core.api.views import ApiView, checked, listed, page_of
from core.pagination import Column, Keyset
from customers.api.visible import visible_customer
from customers.models import Customer
from records import keys, leaving, rows
from records.models import Note, Record
from staff.api.authentication import author
from staff.api.requests import ApiRequest
from staff.models import User

BY_ID = Keyset((Column("id"),))
NEWEST_NOTE_FIRST = Keyset((Column("at", descending=True), Column("id")))
MOVE = OpenApiParameter(
    "move",
    {"type": "string", "enum": ["true"]},
    description="Move it here from the customer that has it. Without this, an id of another customer is a 409.",
)


class RecordView(ApiView):
    """Names the model, how it is shown and taken, and the verb that writes it."""

    area = "records"
    model: ClassVar[type[Record]]
    out: ClassVar[type[Serializer[Any]]]
    body: ClassVar[type[Body]]
    verb: ClassVar[Callable[..., Sequence[Record]]]

    def of_customer(self, request: ApiRequest, customer: int) -> QuerySet[Any]:
        return self.model._default_manager.filter(customer=visible_customer(request, customer))

    def page(self, request: ApiRequest, customer: int, keyset: Keyset = BY_ID) -> Response:
        filterset = self.filtered(self.of_customer(request, customer))
        return listed(self.out, page_of(filterset.qs, keyset, request))

    def one(self, request: ApiRequest, customer: int, record: uuid.UUID) -> Response:
        return Response(self.out(get_object_or_404(self.of_customer(request, customer), id=record)).data)

    def make(self, request: ApiRequest, customer: int) -> Response:
        data = self.checked_body(request, customer)
        return Response(self.write({"customer_id": visible_customer(request, customer).pk, **data}, None), 201)

    def change(self, request: ApiRequest, customer: int, record: uuid.UUID) -> Response:
        stored = get_object_or_404(self.of_customer(request, customer), id=record)
        data = self.checked_body(request, customer, partial=True)
        return Response(self.write({"customer_id": stored.customer_id, "id": stored.id, **data}, stored))

    def put_by_external_id(self, request: ApiRequest, customer: int, external_id: str) -> Response:
        name, to = name_in_path(external_id), visible_customer(request, customer)
        row = {"customer_id": to.pk, "external_id": name, **self.checked_body(request, customer)}
        with transaction.atomic():
            stored = self._named(to, name) or self._moved(request, to, name)
            return Response(self.write(row, stored), 201 if stored is None else 200)

    def remove(self, request: ApiRequest, customer: int, record: uuid.UUID) -> Response:
        return self._remove(get_object_or_404(self.of_customer(request, customer), id=record))

    def remove_by_external_id(self, request: ApiRequest, customer: int, external_id: str) -> Response:
        return self._remove(self._named(visible_customer(request, customer), name_in_path(external_id)))

    def _remove(self, stored: Record | None) -> Response:
        try:
            if stored is None:
                raise Http404
            leaving.delete(stored, now=self.now, by=author(self.request))
        except self.model.DoesNotExist:
            raise Http404 from None
        return Response(status=204)

    def _named(self, customer: Customer, name: str) -> Record | None:
        """Return the customer's record of this id, if it is the customer's."""
        if keys.owners(self._kind, [name]).get(name, customer.pk) != customer.pk:
            return None
        # By the id made from the external one: there is no index on the external id, and none is needed.
        return self.model._default_manager.filter(customer=customer, id=rows.row_id(name)).first()

    def _moved(self, request: ApiRequest, to: Customer, name: str) -> Record | None:
        """Move the record of this id here, if another customer has it and that was asked. Raises Conflict."""
        owner = keys.owners(self._kind, [name]).get(name, to.pk)
        asked = request.query_params.get("move")
        if asked not in (None, "true"):
            raise ValidationError({"move": [_("Leave it out, or give “true”.")]})
        if owner == to.pk:
            return None
        stored = self.model._default_manager.filter(customer=owner, id=rows.row_id(name)).first()
        if asked and stored and Customer.objects.visible_to(request.user).filter(pk=owner).exists():
            return leaving.move(stored, to, now=self.now, by=author(request))
        raise self._of_another(name, owner)

    def _of_another(self, name: str, owner: int) -> Conflict:
        seen = Customer.objects.visible_to(cast("User", self.request.user)).filter(pk=owner)
        return Conflict(keys.in_words(self._kind, name, seen.values_list("name", flat=True).first()), "other_customer")

    @property
    def _kind(self) -> str:
        return str(self.model._meta.model_name)

    def checked_body(self, request: ApiRequest, customer: int, *, partial: bool = False) -> dict[str, Any]:
        return checked(self.body(data=request.data, partial=partial, context={"user": request.user}))

    def write(self, row: Mapping[str, Any], stored: Record | None) -> Any:
        """Write the row by its verb, whole: PostgreSQL checks an insert before it sees that it is an update."""
        whole = {**(leaving.fields(stored) if stored else {}), **row}
        # Only notes have an author and a time of their own to be filled in.
        if self.model is Note and stored is None:
            whole = {"at": self.now, "author_id": getattr(author(self.request), "pk", None), **whole}
        # Before the write: a 400 that names the rule, where the database's error would be a 500.
        keep_constraints(self.model(**whole))
        # From the class: on the instance the function would be bound to the view.
        try:
            [saved] = type(self).verb([whole], now=self.now, by=author(self.request))
        except keys.BelongsElsewhere as error:
            raise self._of_another(error.external_id, error.customer) from None
        return self.out(saved).data
