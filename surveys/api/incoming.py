"""Answers that other tools collected, as they are sent to the API and to webhooks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from core.api.fields import Body, Id, Identifier, Text
from customers.models import Customer, Identity, IdentityKind
from staff.models import User
from surveys.answering import external_answers
from surveys.answering.direct_answers import IncomingAnswer
from surveys.answering.external_answers import Taken
from surveys.api import people
from surveys.models import Survey, Via
from surveys.questionnaire.questions import LONGEST_TEXT, MOST_OPTIONS, InvalidAnswers

MOST = 1_000  # answers in one request
_WHO = ("contact_id", "user_id", "email", "customer_id", "company_id")  # of which an answer names one, or none


@extend_schema_field(OpenApiTypes.OBJECT)
class Marks(serializers.DictField):
    """By question key: the number of a rating or of a choice, a text, a list of numbers for several choices."""

    def to_internal_value(self, data: Any) -> Any:
        marks = super().to_internal_value(data)
        for key, value in marks.items():
            # No longer than a question's key can be; the answer of an error repeats it.
            if len(key) > 40 or not all(map(_is_mark, value if isinstance(value, list) else [value])):
                raise ValidationError({key[:40]: [_("Give a number, a text, or a list of these.")]})
            if isinstance(value, list) and len(value) > MOST_OPTIONS:
                raise ValidationError({key[:40]: [_("Choose among the answers offered.")]})
        return marks


def _is_mark(value: Any) -> bool:
    # In Python `true` is an int as well.
    return (isinstance(value, int) and not isinstance(value, bool)) or isinstance(value, str)


class GivenBody(Body):
    """One answer: what was said, when, and whose it is. Name the person or the customer, or nobody."""

    contact_id = Id(required=False)
    user_id = Identifier(max_length=200, required=False)
    email = Text(max_length=200, required=False)
    customer_id = Id(required=False, help_text="Of a customer, when the person is not known.")
    company_id = Identifier(max_length=200, required=False, help_text="The same by your own id.")
    marks = Marks(required=False)
    score = serializers.IntegerField(required=False, help_text="In place of the mark of the first rating.")
    comment = Text(max_length=LONGEST_TEXT, allow_blank=True, default="")
    answered_at = serializers.DateTimeField(required=False, help_text="Now, when it is not said.")
    external_id = Identifier(
        max_length=200, allow_blank=True, default="", help_text="Its id over there: sent again, it is the same answer."
    )
    language = Text(max_length=5, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in _WHO) > 1:
            raise ValidationError(_("Name the contact or the customer once: by one of %(names)s.") % {"names": _NAMES})
        if not attrs.get("marks") and "score" not in attrs and not attrs["comment"]:
            raise ValidationError({"marks": [_("Give the answers: marks, or a score.")]}, "required")
        return attrs


_NAMES = ", ".join(_WHO)


def take(
    survey: Survey, rows: Sequence[Mapping[str, Any] | str], *, user: User, via: Via, now: datetime
) -> list[Taken]:
    """Write answers as `GivenBody` returns them; one that is a text is refused with it. Return what became of each."""
    good = [row for row in rows if not isinstance(row, str)]
    contacts, customers = people.find(good, Customer.objects.visible_to(user)), _customers(good, user)
    given = [row if isinstance(row, str) else _given(survey, row, contacts, customers, now) for row in rows]
    return external_answers.take(survey, given, via=via, now=now)


def _given(
    survey: Survey, row: Mapping[str, Any], contacts: Any, customers: Any, now: datetime
) -> IncomingAnswer | str:
    """Return the answer, or why it cannot be taken."""
    key, company = people.key_of(row), _company_key(row)
    if (key and key not in contacts) or (company and company not in customers):
        # One text for both: a key that sees few customers must not learn which others exist.
        return _("There is no such contact or customer, or you may not see it.")
    try:
        marks = external_answers.marks_of(survey, row.get("marks", {}), score=row.get("score"), comment=row["comment"])
    except InvalidAnswers as refusal:
        return str(refusal)
    return IncomingAnswer(
        marks=marks,
        at=row.get("answered_at") or now,
        contact=contacts[key] if key else None,
        customer_id=customers[company] if company else None,
        external_id=row["external_id"],
        language=row["language"],
    )


def _company_key(row: Mapping[str, Any]) -> tuple[str, Any] | None:
    return next(((name, row[name]) for name in ("customer_id", "company_id") if name in row), None)


def _customers(rows: Sequence[Mapping[str, Any]], user: User) -> dict[tuple[str, Any], int]:
    """Return the customers the rows name that the colleague may see. Two queries."""
    keys = {key for row in rows if (key := _company_key(row)) is not None}
    named = Identity.objects.filter(
        kind=IdentityKind.COMPANY,
        value__in={str(v) for name, v in keys if name == "company_id"},
        customer__isnull=False,
    )
    meant = {("company_id", value): pk for value, pk in named.values_list("value", "customer_id")}
    meant |= {key: key[1] for key in keys if key[0] == "customer_id"}
    # Ids given as such go through here too: that a number exists does not mean it may be seen.
    seen: QuerySet[Customer] = Customer.objects.visible_to(user).filter(pk__in=set(meant.values()))
    pks = set(seen.values_list("pk", flat=True))
    return {key: pk for key, pk in meant.items() if pk in pks}
