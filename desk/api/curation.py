"""Merging, moving, deleting, and taking it back: the verbs of the pages (desk/curation)."""

from collections.abc import Callable, Collection
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from core.api.fields import Name
from core.api.refusals import Conflict, Merged
from core.api.schema import lists, writes
from core.api.views import ApiView, checked, listed, page_of
from core.pagination import Column, Keyset
from customers.curation import Refused, moves, removals, undoing
from customers.curation.merges import CONTACT_FIELDS, CUSTOMER_FIELDS
from customers.models import Act
from desk.api.acts_filter import ActFilter
from desk.api.bodies import MergeBody, MoveBody
from desk.curation import done, previews
from desk.curation.subjects import CONTACTS, CUSTOMERS, Subject, merged_into
from desk.timeline.acts import UNDOABLE
from events.api.acts import ActOut
from staff.api.authentication import author
from staff.api.requests import ApiRequest

NEWEST_FIRST = Keyset((Column("pk", descending=True),))  # acts are written when they are done
REASON = OpenApiParameter(
    "reason",
    {"type": "string", "minLength": 1, "maxLength": 300},
    required=True,
    description="Why it should not exist.",
)


class Merge(ApiView):
    area = "customers"
    subject: ClassVar[Subject]
    fields: ClassVar[Collection[str]]

    def merge(self, request: ApiRequest, pk: int) -> Response:
        gone = found(self.subject, request, pk)
        data = checked(MergeBody(data=request.data))
        kept = self.subject.visible_to(request.user).filter(pk=data["into"]).first()
        if kept is None:
            raise ValidationError({"into": [_("Not found, or you may not see it.")]}, "does_not_exist")
        wins = self._wins(kept, gone, data.get("take", ()))
        return _done(lambda: self.subject.merge(kept, gone, wins=wins, now=self.now, by=author(request)))

    def _wins(self, kept: Any, gone: Any, take: list[str]) -> list[str]:
        """Return the fields that are taken from the one that goes: those asked for, and what the other has not."""
        if unknown := sorted(set(take) - set(self.fields)):
            raise ValidationError(
                {"take": [_("There is no field named “%(name)s”.") % {"name": unknown[0]}]}, "unknown"
            )
        preview = self.subject.preview_merge(kept, gone)
        proposed = {field.name for field in preview.fields if field.wins == "gone"}
        return previews.wins(preview, proposed | set(take))


class MergeCustomer(Merge):
    subject, fields = CUSTOMERS, CUSTOMER_FIELDS

    @writes("customers_merge", MergeBody, ActOut, "customers")
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Merge this customer into another one, which stays. Undo it by the act's id."""
        return self.merge(request, pk)


class MergeContact(Merge):
    subject, fields = CONTACTS, CONTACT_FIELDS

    @writes("contacts_merge", MergeBody, ActOut, "contacts")
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Merge this contact into another one, who stays. Undo it by the act's id."""
        return self.merge(request, pk)


class MoveContact(ApiView):
    area = "customers"

    @writes("contacts_move", MoveBody, ActOut, "contacts")
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Move the contact to another customer, with what they did since then. Undo it by the act's id."""
        contact = found(CONTACTS, request, pk)
        data = checked(MoveBody(data=request.data, context={"user": request.user}))
        to = get_object_or_404(CUSTOMERS.visible_to(request.user), pk=data["customer_id"])
        since = data.get("since")
        if since is not None and since > self.now:
            raise ValidationError({"since": [_("This instant is still to come.")]})
        return _done(lambda: moves.contact(contact, to, since=since, now=self.now, by=author(request)))


class Acts(ApiView):
    area = "events"
    filterset_class = ActFilter

    @lists("acts_everywhere_list", ActOut, "events")
    def get(self, request: ApiRequest) -> Response:
        """List what was done to what was known of the customers you see, newest first; also what was deleted."""
        filterset = self.filtered(done.visible_acts(request.user))
        return listed(ActOut, page_of(filterset.qs, NEWEST_FIRST, request))


class UndoAct(ApiView):
    area = "customers"

    @writes("acts_undo", None, ActOut, "events")
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Undo a merge, a move or a deletion, also when events came in since. Answers the act of undoing."""
        act = done.found(request.user, pk)
        if act.kind not in UNDOABLE:
            raise Conflict(_("Only merges, moves and deletions can be undone here."))
        if not done.may_undo(act, request.user):
            raise _for_leads()
        return _done(lambda: undoing.undo(act, now=self.now, by=author(request)))


class ReleaseAct(ApiView):
    area = "customers"

    @writes("acts_release", None, ActOut, "events")
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Release the ids of what was deleted: the next message under one of them is taken again."""
        act = done.found(request.user, pk)
        if act.kind != Act.Kind.REMOVAL:
            raise Conflict(_("Only ids of what was deleted can be released."))
        if not request.user.may_lead:
            raise _for_leads()
        return _done(lambda: removals.release(act, now=self.now, by=author(request)))


def found(subject: Subject, request: ApiRequest, pk: int) -> Any:
    """Return a customer or a contact. Raises Merged where it is part of another one, else Http404."""
    try:
        return subject.found(request.user, pk)
    except Http404:
        into = merged_into(subject, request.user, pk)
        if into is None:
            raise
    raise Merged(_("This was merged into number %(number)s.") % {"number": into.pk}, into.pk)


def remove(subject: Subject, view: ApiView, request: ApiRequest, pk: int) -> Response:
    """Delete a customer or a contact; its ids are ignored from now on."""
    if not request.user.may_lead:
        raise _for_leads()
    row = found(subject, request, pk)
    try:
        reason = Name(max_length=300).run_validation(request.query_params.get("reason", ""))
    except ValidationError as error:
        raise ValidationError({"reason": error.detail}) from None
    return _done(lambda: subject.remove(row, reason=reason, now=view.now, by=author(request)))


def _done(verb: Callable[[], Act]) -> Response:
    """Call the verb and answer its act. Raises Conflict with the sentence by which it refuses."""
    try:
        return Response(ActOut(verb()).data)
    except Refused as refusal:
        raise Conflict(str(refusal)) from None


def _for_leads() -> PermissionDenied:
    return PermissionDenied(_("Only leads and admins delete, and take that back."))
