"""A version of all weights, windows, factors and bands. A published one never changes: a trigger refuses."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from customers.models import Segment
from events.models import EventType
from scoring.models.settings_fields import MAX_NEW_DAYS, bound, days_of_new

MAX_WINDOW = 730  # days; without a limit every old customer would become a power user
MAX_DAILY_CAP = 100_000


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class ScoringModelQuerySet(models.QuerySet["ScoringModel"]):
    def current(self) -> "ScoringModel | None":
        """Return the published version for everybody who has none of their own, or None before the first one."""
        return self.filter(status=Status.PUBLISHED, segment=None).first()

    def current_of(self, segment: Segment | None) -> "ScoringModel | None":
        """Return the published version that scores a segment's customers: the segment's own, else everybody's."""
        own = self.filter(status=Status.PUBLISHED, segment=segment).first() if segment else None
        return own or self.current()

    def published(self) -> Self:
        """Keep what scores somebody now, with the segment; what comes first for a customer of several comes first."""
        return self.filter(status=Status.PUBLISHED).select_related("segment").order_by("precedence", "pk")

    def of_segments(self) -> Self:
        return self.published().exclude(segment=None)

    def with_parts(self) -> Self:
        """Prefetch weights with their event types, and factors. Two queries."""
        return self.prefetch_related(Prefetch("weights", Weight.objects.select_related("event_type")), "factors")

    def drafts(self) -> Self:
        return self.filter(status=Status.DRAFT)


class ScoringModel(models.Model):
    """One version. Its id is its version number."""

    name = models.CharField(_("name"), max_length=100)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    note = models.TextField(_("note"), blank=True, help_text=_("Why this version exists; kept with the version."))
    window = models.PositiveSmallIntegerField(
        _("window in days"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_WINDOW)],
        help_text=_("How far back events count, unless a weight has its own window. At most 730."),
    )
    half_life = models.PositiveSmallIntegerField(
        _("half-life in days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_WINDOW)],
        help_text=_("An event this many days old counts half. Empty: full weight through the whole window."),
    )
    disengaged_from = bound(_("very disengaged from"), "0")
    disengaged_to = bound(_("very disengaged up to"), "40")
    somewhat_to = bound(_("somewhat engaged up to"), "70")
    highly_to = bound(_("highly engaged up to"), "100")
    yellow_from = bound(_("health yellow from"), "50")
    green_from = bound(_("health green from"), "75")
    least_coverage = models.PositiveSmallIntegerField(
        _("minimum coverage in %"),
        default=40,
        validators=[MaxValueValidator(100)],
        help_text=_("Below this share of weight with fresh data, health is unknown."),
    )
    least_history = models.PositiveSmallIntegerField(
        _("minimum history in days"),
        default=0,
        validators=[MaxValueValidator(MAX_WINDOW)],
        help_text=_("A customer known for fewer days has no health yet. 0: health from the first day."),
    )
    new_days_trial = days_of_new(_("new for days, on trial"))
    new_days_active = days_of_new(_("new for days, active"))
    unsent_is_unknown = models.BooleanField(
        _("what nobody ever sent is unknown"),
        default=True,
        help_text=_("A factor that counts events is unknown, not 0, until the first such event of any customer."),
    )
    segment = models.ForeignKey(
        Segment,
        verbose_name=_("segment"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="scoring_models",
        help_text=_("Only its customers are scored by this model. Empty: all customers without a model of their own."),
    )
    precedence = models.PositiveSmallIntegerField(
        _("precedence"),
        default=10,
        help_text=_("Of several segments' models, a customer gets the one with the lowest number."),
    )
    created_at = models.DateTimeField(_("created"))
    # A number, not a key: the draft it came from may be deleted, and a published row never changes.
    copied_from = models.BigIntegerField(_("copied from version"), null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    retired_at = models.DateTimeField(_("retired"), null=True, editable=False)

    objects = ScoringModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("scoring model")
        verbose_name_plural = _("scoring models")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["status", "segment"],
                condition=Q(status="published"),
                # Without a segment, too, there is one: PostgreSQL takes two NULLs for different otherwise.
                nulls_distinct=False,
                name="one_published_model_of_a_segment",
            ),
            models.CheckConstraint(condition=Q(window__range=(1, MAX_WINDOW)), name="model_window_is_1_to_730"),
            models.CheckConstraint(
                condition=Q(half_life=None) | Q(half_life__range=(1, MAX_WINDOW)),
                name="model_half_life_is_1_to_730",
            ),
            models.CheckConstraint(
                condition=Q(disengaged_from__lt=F("disengaged_to"))
                & Q(disengaged_to__lt=F("somewhat_to"))
                & Q(somewhat_to__lt=F("highly_to")),
                name="engagement_bands_ascend",
                violation_error_message=_("Each engagement band must begin above the one before it."),
            ),
            models.CheckConstraint(
                condition=Q(yellow_from__gt=0) & Q(yellow_from__lt=F("green_from")) & Q(green_from__lte=100),
                name="health_bands_ascend",
                violation_error_message=_("Health bands must lie between 0 and 100, yellow below green."),
            ),
            models.CheckConstraint(condition=Q(least_coverage__lte=100), name="least_coverage_is_a_percentage"),
            models.CheckConstraint(condition=Q(least_history__lte=MAX_WINDOW), name="least_history_is_0_to_730"),
            models.CheckConstraint(
                condition=Q(new_days_trial__lte=MAX_NEW_DAYS, new_days_active__lte=MAX_NEW_DAYS),
                name="new_days_are_0_to_365",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (v{self.pk})"


class Weight(models.Model):
    """What events of one type are worth in a version."""

    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="weights")
    event_type = models.ForeignKey(
        EventType, verbose_name=_("event type"), on_delete=models.PROTECT, related_name="weights"
    )
    points = models.DecimalField(
        _("points"),
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(-1000)), MaxValueValidator(Decimal(1000))],
    )
    daily_cap = models.PositiveIntegerField(
        _("daily cap"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_DAILY_CAP)],
        help_text=_("More than this many in a day count as this many."),
    )
    window = models.PositiveSmallIntegerField(
        _("own window in days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_WINDOW)],
    )
    half_life = models.PositiveSmallIntegerField(
        _("own half-life in days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_WINDOW)],
    )
    per_contact = models.BooleanField(
        _("per active contact"),
        default=False,
        help_text=_("Divide by the number of contacts active in the window."),
    )
    is_grave = models.BooleanField(
        _("grave sign"),
        default=False,
        help_text=_("Once it happened, a customer is no longer new."),
    )
    # Copied and computed at publication, so that the version depends on nothing that can change.
    is_activity = models.BooleanField(default=True, editable=False)
    is_key_action = models.BooleanField(default=False, editable=False)
    is_touch = models.BooleanField(default=False, editable=False)
    is_purchase = models.BooleanField(default=False, editable=False)
    unit = models.BigIntegerField(null=True, editable=False, help_text="Thousandths")
    # Stored, not computed from the half-life each time: a published version gives the same bits for ever.
    decay = ArrayField(
        models.IntegerField(),
        default=list,
        editable=False,
        help_text="Millionths by age, one for each day of the window",
    )

    class Meta:
        verbose_name = _("weight")
        verbose_name_plural = _("weights")
        ordering = ["event_type__channel", "event_type__name"]
        constraints = [
            models.UniqueConstraint(fields=["model", "event_type"], name="one_weight_per_event_type"),
            models.CheckConstraint(condition=Q(points__range=(-1000, 1000)), name="points_are_within_1000"),
            models.CheckConstraint(condition=Q(daily_cap__range=(1, MAX_DAILY_CAP)), name="daily_cap_is_1_to_100000"),
            models.CheckConstraint(
                condition=Q(window=None) | Q(window__range=(1, MAX_WINDOW)), name="weight_window_is_1_to_730"
            ),
            models.CheckConstraint(
                condition=Q(half_life=None) | Q(half_life__range=(1, MAX_WINDOW)),
                name="weight_half_life_is_1_to_730",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type}: {self.points}"
