"""What may be written of surveys and survey distributions, field by field."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from core.api.fields import Body, Id, Name, Text
from core.web import pictures
from customers.api.segment_query import checked_query
from customers.models import Segment
from events.models import EventType
from surveys.models import Basis
from surveys.questionnaire import templates
from surveys.questionnaire.questions import MOST_OPTIONS, MOST_QUESTIONS, TYPES
from surveys.sending import rules

LANGUAGES = [code for code, _name in settings.LANGUAGES]
MOST_REMINDER_DAYS = 44  # nobody is reminded of what was asked longer ago (surveys/sending/reminders.py)


class SurveyTextsBody(Body):
    title = Name(max_length=200, allow_blank=True, required=False)
    subject = Name(max_length=200, allow_blank=True, required=False)
    intro = Text(max_length=2_000, allow_blank=True, required=False)
    thanks = Text(max_length=2_000, allow_blank=True, required=False)


class QuestionTextsBody(Body):
    text = Text(max_length=500)
    low = Text(max_length=100, allow_blank=True, required=False)
    high = Text(max_length=100, allow_blank=True, required=False)
    options = serializers.ListField(child=Text(max_length=200), max_length=MOST_OPTIONS, required=False)


class ByLanguage(serializers.DictField):
    """A dictionary of bodies by language; one we do not speak is refused."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(str(language) for language in set(data) - set(LANGUAGES))):
            raise ValidationError(
                {unknown[0][:20]: [_("Choose at least one of: %(known)s.") % {"known": ", ".join(LANGUAGES)}]}
            )
        return super().to_internal_value(data)


class QuestionBody(Body):
    key = serializers.RegexField(r"^[a-z0-9][a-z0-9-]{0,39}\Z")
    type = serializers.ChoiceField(TYPES)
    low = serializers.IntegerField(min_value=0, max_value=1, default=0)
    high = serializers.IntegerField(min_value=0, max_value=11, default=0)
    is_required = serializers.BooleanField(default=False)
    shown_to = serializers.ListField(child=Text(max_length=20), max_length=3, default=list)
    texts = ByLanguage(child=QuestionTextsBody())


class SurveyBody(Body):
    """What is not named stays as it is. `texts` and `questions` are replaced as a whole."""

    name = Name(max_length=100, required=False)
    languages = serializers.ListField(
        child=serializers.ChoiceField(LANGUAGES), min_length=1, max_length=len(LANGUAGES), required=False
    )
    texts = ByLanguage(child=SurveyTextsBody(), required=False)
    questions = serializers.ListField(child=QuestionBody(), min_length=1, max_length=MOST_QUESTIONS, required=False)
    colour = serializers.RegexField(r"^#[0-9a-f]{6}\Z", required=False)
    logo = Text(
        # base64: four characters for three bytes, and the padding.
        max_length=pictures.LARGEST * 4 // 3 + 4,
        allow_null=True,
        required=False,
        help_text="A PNG, JPEG or WebP picture of at most 200 KB, in base64; null for none.",
    )
    basis = serializers.ChoiceField(Basis.choices, required=False)
    is_confidential = serializers.BooleanField(required=False)
    closes_on = serializers.DateField(allow_null=True, required=False)
    reminder_days = serializers.IntegerField(min_value=1, max_value=MOST_REMINDER_DAYS, allow_null=True, required=False)
    widget_origins = serializers.ListField(child=Text(max_length=200), max_length=50, required=False)

    def validate_languages(self, value: list[str]) -> list[str]:
        # The order stays: the first language is the one texts fall back to.
        return list(dict.fromkeys(value))

    def validate_logo(self, value: str | None) -> bytes | None:
        try:
            return None if value is None else base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise ValidationError(_("This is not valid base64.")) from None


class NewSurveyBody(SurveyBody):
    template = serializers.ChoiceField([*templates.TEMPLATES], help_text="What it begins as, in every language.")


class WaveBody(Body):
    """Whom to ask, and when. Of `segment_id` and `query` give one; an empty query means every customer you see."""

    rule = serializers.ChoiceField(
        rules.choices(), default=rules.ONCE.name, help_text="The rules after something go on until they are ended."
    )
    segment_id = Id(required=False)
    query = serializers.DictField(required=False, help_text="Parameters of the customer list, by name.")
    role = Name(max_length=100, allow_blank=True, required=False, help_text="A part of the contacts’ role.")
    days = serializers.IntegerField(min_value=1, max_value=366, required=False, help_text="Of a drip.")
    delay_hours = serializers.IntegerField(min_value=0, max_value=24 * 90, required=False)
    before_days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    event_type_id = Id(required=False)
    only_forecast = serializers.BooleanField(default=False, help_text="Say whom it would reach; write nothing.")

    def validate_segment_id(self, value: int) -> int:
        if not Segment.objects.visible_to(self.context["user"]).filter(pk=value).exists():
            raise ValidationError(_("Not found, or you may not see it."), "does_not_exist")
        return value

    def validate_query(self, value: dict[str, Any]) -> dict[str, Any]:
        # Checked as the customer list's own parameters: an unknown name would select everybody.
        return checked_query(value) if value else {}

    def validate_event_type_id(self, value: int) -> int:
        if not EventType.objects.filter(pk=value).exists():
            raise ValidationError(_("Not found, or you may not see it."), "does_not_exist")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("segment_id" in attrs) == ("query" in attrs):
            raise ValidationError({"query": [_("Choose recipients by a segment or by a filter, not by both.")]})
        if ("event_type" in rules.get(attrs["rule"]).fields) != ("event_type_id" in attrs):
            raise ValidationError({"event_type_id": [_("An event type is needed after an event, and only then.")]})
        return attrs


class LoopBody(Body):
    note = Text(max_length=500, help_text="What was done.")
