"""Invitations and their progress; inviting named contacts, by mail or with a link to hand over."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Body, Text
from core.api.refusals import Conflict
from core.api.schema import lists, writes
from core.api.views import ApiView, checked, listed, page_of
from core.pagination import Column, Keyset
from customers.models import Contact, Customer
from customers.models.customer import CustomerQuerySet
from staff.api.requests import ApiRequest
from staff.models import Role, User
from surveys.answering.answers import Closed
from surveys.api import people
from surveys.api.filters import InvitationFilter
from surveys.api.permissions import survey_of
from surveys.api.shown import AskedPeopleOut, InvitationOut
from surveys.models import Invitation, InvitationState, Survey, Via
from surveys.sending import invitations

TAG = "surveys"
NEWEST_FIRST = Keyset((Column("created_at", descending=True), Column("id")))
MOST = 1_000


class InvitationsBody(Body):
    contacts = serializers.ListField(child=people.PersonBody(), min_length=1, max_length=MOST)
    via = serializers.ChoiceField(
        [(Via.EMAIL.value, Via.EMAIL.label), (Via.LINK.value, Via.LINK.label)],
        default=Via.EMAIL.value,
        help_text="email: we send it. link: you get each personal link, once, and hand it over.",
    )
    occasion = Text(
        max_length=150,
        allow_blank=True,
        default="",
        help_text="What it is about, such as `order-17`: the same person is invited once for each.",
    )


class Invitations(ApiView):
    area = "surveys"
    filterset_class = InvitationFilter

    @lists("survey_invitations_list", InvitationOut, TAG)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List who was asked, of the customers you see, newest first."""
        survey = survey_of(pk)
        filtered = self.filtered(_shown(survey, request))
        page = page_of(filtered.qs, NEWEST_FIRST, request)
        return listed(InvitationOut, page, in_confidence=survey.is_confidential)

    @writes("survey_invitations_create", InvitationsBody, AskedPeopleOut, TAG)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Invite people by name, at most 1,000 at once, and tell of each what became of it.

        A CSM asks the people of their own customers. By mail the guard holds: who was asked recently, opted out or
        has no address that works is `dropped`. A link is shown this once; repeated by an `Idempotency-Key`, the answer
        has null in its place.
        """
        survey = survey_of(pk)
        data = checked(InvitationsBody(data=request.data))
        by_key = people.find(data["contacts"], _askable(request.user))
        # A contact named twice, by id and by e-mail for example, is invited once.
        contacts = list({contact.pk: contact for contact in by_key.values()}.values())
        outcomes = self._invited(survey, contacts, data)
        shown = _invited_people(data["contacts"], by_key, outcomes)
        response = Response(shown)
        # Of a link only a hash may be stored (decision 15), and idempotency stores the whole answer.
        response.kept = _without_links(shown)  # type: ignore[attr-defined] # what idempotency may keep
        return response

    def _invited(
        self, survey: Survey, contacts: Sequence[Contact], data: dict[str, Any]
    ) -> dict[int, invitations.InvitationOutcome]:
        """Raises Conflict."""
        try:
            outcomes = invitations.invite(survey, contacts, via=data["via"], now=self.now, occasion=data["occasion"])
        except Closed:
            raise Conflict(_("The survey is not running. Start it first.")) from None
        return {outcome.contact.pk: outcome for outcome in outcomes}


def _askable(user: User) -> CustomerQuerySet:
    """Return the customers whose contacts the colleague may survey: a CSM's own, as on the page; all for others."""
    seen = Customer.objects.visible_to(user)
    return seen.filter(Q(owner=user) | Q(second_owner=user)) if user.role == Role.CSM else seen


def _shown(survey: Survey, request: ApiRequest) -> QuerySet[Invitation]:
    """Return its invitations; of a confidential survey not those of uninvited answers, which would name the authors."""
    rows = Invitation.objects.visible_to(request.user).filter(survey=survey)
    return rows.exclude(Q(state=InvitationState.SENT, sent_at=None)) if survey.is_confidential else rows


def _invited_people(
    rows: Sequence[Any], by_key: dict[people.Key, Contact], outcomes: dict[int, invitations.InvitationOutcome]
) -> Any:
    results = []
    for row in rows:
        key = people.key_of(row)
        contact = by_key.get(key) if key else None
        # In the order of the request, with a contact named twice shown twice.
        results.append(_outcome(outcomes[contact.pk]) if contact else _unknown())
    # Counted by invitation, because a contact named twice is invited once.
    invited = len({result["invitation_id"] for result in results if result["outcome"] == "invited"})
    return AskedPeopleOut({"invited": invited, "results": results}).data


def _outcome(outcome: invitations.InvitationOutcome) -> dict[str, Any]:
    return {
        "outcome": "dropped" if outcome.reason else "invited",
        "reason": outcome.reason,
        "contact_id": outcome.contact.pk,
        "customer_id": outcome.invitation.customer_id,
        "invitation_id": outcome.invitation.id,
        "link": f"{settings.PUBLIC_ADDRESS}/s/{outcome.token}/" if outcome.token else None,
    }


def _unknown() -> dict[str, Any]:
    nothing = dict.fromkeys(("contact_id", "customer_id", "invitation_id", "link"))
    return {"outcome": "unknown", "reason": _("There is no such contact, or you may not see it."), **nothing}


def _without_links(shown: Any) -> dict[str, Any]:
    return {**shown, "results": [{**result, "link": None} for result in shown["results"]]}
