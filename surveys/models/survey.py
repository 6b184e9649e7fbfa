import secrets
from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from staff.models import User
from surveys import kinds


class SurveyStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")


class Basis(models.TextChoices):
    """Why the law lets us ask (GDPR, article 6)."""

    INTEREST = "interest", _("Legitimate interest")
    CONSENT = "consent", _("Consent")
    CONTRACT = "contract", _("Contract")


def new_link() -> str:
    """Return the last part of the address at which anybody may answer: 160 random bits."""
    return secrets.token_urlsafe(20)


class SurveyQuerySet(models.QuerySet["Survey"]):
    def open_on(self, day: date) -> Self:
        """Keep those that take answers on the day."""
        return self.filter(Q(closes_on=None) | Q(closes_on__gte=day), status=SurveyStatus.RUNNING)


class Logo(models.Model):
    """A picture at the top of pages and mails, once whatever the number of surveys and versions that show it."""

    digest = models.CharField(primary_key=True, max_length=64, help_text="SHA-256 of the bytes, as hex")
    kind = models.CharField(max_length=20, help_text="image/png, image/jpeg or image/webp")
    # In the database, as are uploads of imports: every process on every machine can serve it.
    body = models.BinaryField()

    def __str__(self) -> str:
        return self.digest[:12]


class Survey(models.Model):
    """What is asked, and how it looks. Once it runs its questions stand; changing them makes a new version."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=kinds.choices)
    status = models.CharField(_("status"), max_length=10, choices=SurveyStatus.choices, default=SurveyStatus.DRAFT)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    before = models.OneToOneField(
        "self", verbose_name=_("version before"), null=True, blank=True, on_delete=models.PROTECT, related_name="after"
    )
    languages = ArrayField(models.CharField(max_length=5), verbose_name=_("languages"), default=list)
    texts = models.JSONField(_("texts"), default=dict, help_text="language → title, subject, intro, thanks")
    questions = models.JSONField(
        _("questions"), default=list, help_text="surveys.questionnaire.questions.Question, in order"
    )
    colour = models.CharField(_("colour"), max_length=7, default="#1257b0")
    logo = models.ForeignKey(Logo, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(_("lawful basis"), max_length=10, choices=Basis.choices, default=Basis.INTEREST)
    is_confidential = models.BooleanField(
        _("confidential"),
        default=False,
        help_text=_("Answers are shown only together with at least four others, never with a name."),
    )
    closes_on = models.DateField(_("last day"), null=True, blank=True)
    reminder_days = models.PositiveSmallIntegerField(
        _("remind after (days)"), null=True, blank=True, help_text=_("Once, those who have not answered. Empty: never.")
    )
    link = models.CharField(max_length=40, unique=True, default=new_link, editable=False)
    widget_origins = ArrayField(
        models.CharField(max_length=200), verbose_name=_("sites that may show it"), default=list, blank=True
    )
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects: ClassVar = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["name", "-version", "pk"]
        constraints = [
            # Not a list of kinds: adding one needs no migration.
            models.CheckConstraint(condition=~Q(kind=""), name="survey_has_a_kind"),
            models.CheckConstraint(condition=Q(status__in=SurveyStatus.values), name="survey_status_is_known"),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="survey_basis_is_known"),
            models.CheckConstraint(condition=Q(colour__regex=r"^#[0-9a-f]{6}$"), name="survey_colour_is_one"),
            models.CheckConstraint(
                condition=Q(status=SurveyStatus.DRAFT) | Q(started_at__isnull=False), name="what_runs_was_started"
            ),
            models.CheckConstraint(
                condition=~Q(status=SurveyStatus.CLOSED) | Q(closed_at__isnull=False), name="what_is_closed_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}" if self.version > 1 else self.name

    def takes_answers(self, day: date) -> bool:
        return self.status == SurveyStatus.RUNNING and (self.closes_on is None or day <= self.closes_on)

    def language_for(self, wish: str) -> str:
        """Return the survey's language that fits a locale such as "fr-CH"; the first one when none does."""
        short = wish.replace("_", "-").partition("-")[0].lower()
        return short if short in self.languages else (self.languages or ["en"])[0]

    def text(self, name: str, language: str | None = None) -> str:
        """Return a text in a language (the reader's), or in the survey's first where it is missing."""
        code = self.language_for(language or get_language() or "")
        first = (self.languages or ["en"])[0]
        return str(self.texts.get(code, {}).get(name) or self.texts.get(first, {}).get(name) or "")
