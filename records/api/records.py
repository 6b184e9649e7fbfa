"""What the four kinds of records share: a customer's list, one by our id or by its id in its own system."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from core.api.fields import Body, keep_constraints, name_in_path
from core.api.views import ApiView, checked, listed, page_of
from core.pagination import Column, Keyset
from customers.api.visible import visible_customer
from records import rows
from records.models import Note, Record
from staff.api.authentication import author
from staff.api.requests import ApiRequest

BY_ID = Keyset((Column("id"),))
NEWEST_NOTE_FIRST = Keyset((Column("at", descending=True), Column("id")))


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
        name = name_in_path(external_id)
        # By the id made from the external one: there is no index on the external id, and none is needed.
        stored = self.of_customer(request, customer).filter(id=rows.row_id(name)).first()
        row = {"customer_id": customer, "external_id": name, **self.checked_body(request, customer)}
        return Response(self.write(row, stored), 201 if stored is None else 200)

    def checked_body(self, request: ApiRequest, customer: int, *, partial: bool = False) -> dict[str, Any]:
        return checked(self.body(data=request.data, partial=partial, context={"user": request.user}))

    def write(self, row: Mapping[str, Any], stored: Record | None) -> Any:
        """Write the row by its verb, whole: PostgreSQL checks an insert before it sees that it is an update."""
        whole = {**self._as_it_stands(stored), **row}
        # Only notes have an author and a time of their own to be filled in.
        if self.model is Note and stored is None:
            whole = {"at": self.now, "author_id": getattr(author(self.request), "pk", None), **whole}
        # Before the write: a 400 that names the rule, where the database's error would be a 500.
        keep_constraints(self.model(**whole))
        # From the class: on the instance the function would be bound to the view.
        [saved] = type(self).verb([whole], now=self.now)
        return self.out(saved).data

    def _as_it_stands(self, stored: Record | None) -> dict[str, Any]:
        if stored is None:
            return {}
        return {str(field.attname): getattr(stored, field.attname) for field in self.model._meta.concrete_fields}
