"""How the API shows surveys, survey distributions, invitations and answers."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import NamedOut, Tree
from surveys import kinds
from surveys.models import Answer, Basis, Dropped, Invitation, InvitationState, Survey, SurveyStatus, Via, Wave
from surveys.questionnaire.questions import TYPES
from surveys.sending import rules

LANGUAGE_TEXTS = "By language: `en`, `fr`, `ru`."


class QuestionOut(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="What its answers are called; the first of a kind with a score is `score`.")
    type = serializers.ChoiceField(TYPES)
    low = serializers.IntegerField(help_text="Of a rating: its lowest value.")
    high = serializers.IntegerField()
    is_required = serializers.BooleanField()
    shown_to = serializers.ListField(
        child=serializers.CharField(), help_text="Groups of answers it is asked of; empty: everybody."
    )
    texts = Tree(help_text=f"{LANGUAGE_TEXTS} `text`, `low` and `high` (words at the ends), `options`.")


class SurveyOut(serializers.Serializer[Survey]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(kinds.choices())
    status = serializers.ChoiceField(SurveyStatus.choices)
    version = serializers.IntegerField()
    before_id = serializers.IntegerField(allow_null=True, help_text="The version whose place it takes.")
    languages = serializers.ListField(child=serializers.CharField())
    texts = Tree(help_text=f"{LANGUAGE_TEXTS} `title`, `subject`, `intro`, `thanks`.")
    questions = QuestionOut(many=True)
    colour = serializers.CharField()
    logo = serializers.CharField(source="logo_id", allow_null=True, help_text="SHA-256 of the picture.")
    basis = serializers.ChoiceField(Basis.choices, help_text="Why the law lets you ask.")
    is_confidential = serializers.BooleanField(help_text="Answers are never shown singly, nor fewer than 5 of them.")
    closes_on = serializers.DateField(allow_null=True, help_text="The last day.")
    reminder_days = serializers.IntegerField(allow_null=True)
    widget_origins = serializers.ListField(child=serializers.CharField())
    owner = NamedOut(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    public_link = serializers.SerializerMethodField(help_text="Where anybody may answer while it runs.")

    @extend_schema_field({"type": "string"})
    def get_public_link(self, survey: Survey) -> str:
        return f"{settings.PUBLIC_ADDRESS}/s/to/{survey.link}/"


class ForecastOut(serializers.Serializer[Any]):
    """Whom it would reach if everybody were asked now."""

    asked = serializers.IntegerField(help_text="How many contacts may be asked.")
    dropped = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many may not, by reason, such as `lately`, `opted_out`."
    )


class WaveOut(serializers.Serializer[Wave]):
    """A survey distribution: whom the survey asks, and when."""

    id = serializers.IntegerField(allow_null=True, help_text="Null when only the forecast was asked for.")
    survey_id = serializers.IntegerField()
    rule = serializers.ChoiceField(rules.choices())
    segment_id = serializers.IntegerField(allow_null=True)
    query = serializers.DictField(help_text="Parameters of the customer list, by name.")
    role = serializers.CharField(allow_blank=True)
    days = serializers.IntegerField()
    delay_hours = serializers.IntegerField()
    before_days = serializers.IntegerField()
    event_type_id = serializers.IntegerField(allow_null=True)
    by_id = serializers.IntegerField(allow_null=True)
    starts_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class NewWaveOut(WaveOut):
    forecast = ForecastOut()


class InvitationOut(serializers.Serializer[Invitation]):
    """One asking of one person. In confidence, nothing says whether they opened or answered it."""

    id = serializers.UUIDField()
    survey_id = serializers.IntegerField()
    customer_id = serializers.IntegerField()
    contact_id = serializers.IntegerField(allow_null=True)
    wave_id = serializers.IntegerField(allow_null=True)
    via = serializers.ChoiceField(Via.choices)
    state = serializers.ChoiceField(InvitationState.choices)
    reason = serializers.ChoiceField(Dropped.choices, allow_blank=True, help_text="Why it was not sent.")
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True, help_text="If the mail provider tells.")
    opened_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    reminded_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if self.context.get("in_confidence"):
            # Null instead of left out, so that the fields of an invitation are the same for every survey.
            shown |= dict.fromkeys(("opened_at", "started_at", "answered_at", "reminded_at"))
        return shown


class AskedOut(serializers.Serializer[Any]):
    """What became of one person, in the order they were sent."""

    outcome = serializers.ChoiceField([("invited", "invited"), ("dropped", "dropped"), ("unknown", "unknown")])
    reason = serializers.CharField(allow_blank=True, help_text="Why not.")
    contact_id = serializers.IntegerField(allow_null=True)
    customer_id = serializers.IntegerField(allow_null=True)
    invitation_id = serializers.UUIDField(allow_null=True)
    link = serializers.CharField(allow_null=True, help_text="Their personal link, this once; null for mail.")


class AskedPeopleOut(serializers.Serializer[Any]):
    invited = serializers.IntegerField()
    results = AskedOut(many=True)


class AnswerOut(serializers.Serializer[Answer]):
    id = serializers.UUIDField()
    customer_id = serializers.IntegerField()
    survey_id = serializers.IntegerField()
    contact_id = serializers.IntegerField(allow_null=True)
    kind = serializers.ChoiceField(kinds.choices())
    score = serializers.IntegerField(allow_null=True, help_text="On the kind’s scale; of CXI from −4 to 4.")
    group = serializers.ChoiceField(kinds.group_choices(), allow_blank=True)
    marks = Tree(help_text="By question: a number, a text, or a list of texts.")
    comment = serializers.CharField(allow_blank=True)
    themes = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField(allow_blank=True)
    via = serializers.ChoiceField(Via.choices)
    answered_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField(allow_null=True)
    is_hasty = serializers.BooleanField(help_text="Within 5 seconds of being sent: a machine, perhaps.")
    needs_care = serializers.BooleanField(help_text="A detractor, dissatisfied, or it was hard for them.")
    closed_at = serializers.DateTimeField(allow_null=True, help_text="When somebody had spoken with them.")
    closed_by_id = serializers.IntegerField(allow_null=True)
    closed_note = serializers.CharField(allow_blank=True)


class TakenOut(serializers.Serializer[Any]):
    """What became of one answer, in the order they were sent."""

    taken = serializers.BooleanField()
    problem = serializers.CharField(allow_blank=True, help_text="Why it was not taken.")
    external_id = serializers.CharField(allow_blank=True)
    answer_id = serializers.UUIDField(allow_null=True)
    customer_id = serializers.IntegerField(allow_null=True)


class TakenAnswersOut(serializers.Serializer[Any]):
    taken = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = TakenOut(many=True)


class ThemeOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField(), help_text="Beginnings of words that give the theme.")
