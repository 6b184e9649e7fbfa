from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.spread import OnErase, OnMerge
from customers.models import Customer
from scoring.models.scoring_model import ScoringModel


class EngagementBand(models.TextChoices):
    CHURN_RISK = "churn_risk", _("Churn risk")
    GONE_QUIET = "gone_quiet", _("Gone quiet")
    VERY_DISENGAGED = "very_disengaged", _("Very disengaged")
    SOMEWHAT_ENGAGED = "somewhat_engaged", _("Somewhat engaged")
    HIGHLY_ENGAGED = "highly_engaged", _("Highly engaged")
    POWER_USER = "power_user", _("Power user")

    @classmethod
    def in_danger(cls) -> list["EngagementBand"]:
        return [cls.CHURN_RISK, cls.GONE_QUIET, cls.VERY_DISENGAGED]


class HealthBand(models.TextChoices):
    RED = "red", _("Red")
    YELLOW = "yellow", _("Yellow")
    GREEN = "green", _("Green")
    NEW = "new", _("New")  # too young to be judged, whatever health comes to


# Lists sort by these, known ones first, in either direction from one index (core.pagination.KnownFirst)
SORTED_BY = (
    "health", "health_change_7", "health_change_30",
    "engagement", "engagement_change_7", "engagement_change_30",
    "monthly_value", "renews_on", "last_active_on",
)  # fmt: skip


class Numbers(models.Model):
    """What a score consists of, now and in history. Scores and health in hundredths; None is unknown."""

    model = models.ForeignKey(
        ScoringModel, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    engagement = models.BigIntegerField(null=True)
    engagement_band = models.CharField(max_length=20, choices=EngagementBand.choices, null=True)  # noqa: DJ001
    health = models.SmallIntegerField(null=True)
    health_band = models.CharField(max_length=10, choices=HealthBand.choices, null=True)  # noqa: DJ001
    coverage = models.SmallIntegerField(help_text="Hundredths of a per cent")
    last_active_on = models.DateField(null=True)
    flagged = models.BooleanField(default=False, help_text="Some of its data are beyond what can be counted")
    inputs_digest = models.BinaryField(max_length=16)

    class Meta:
        abstract = True

    @classmethod
    def checks(cls, prefix: str) -> list[models.BaseConstraint]:
        return [
            models.CheckConstraint(
                condition=Q(engagement=None, engagement_band=None)
                | Q(engagement__isnull=False, engagement_band__isnull=False),
                name=f"{prefix}_engagement_has_a_band",
            ),
            models.CheckConstraint(
                condition=Q(health=None, health_band=None)
                | Q(health=None, health_band="new")
                | Q(health__isnull=False, health__range=(0, 10_000), health_band__isnull=False),
                name=f"{prefix}_health_has_a_band_or_is_new",
            ),
            models.CheckConstraint(condition=Q(coverage__range=(0, 10_000)), name=f"{prefix}_coverage_is_a_share"),
        ]


class CurrentScore(Numbers):
    """A customer's score as of `as_of`, with what the lists sort by. Written by `scoring.runs.run` alone."""

    customer = models.OneToOneField(
        Customer, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="score"
    )
    as_of = models.DateField()
    scored_at = models.DateTimeField()
    engagement_before = models.BigIntegerField(null=True, help_text="In the history of 14 days before as_of")
    health_before = models.SmallIntegerField(null=True)
    health_fall = models.SmallIntegerField(null=True, help_text="health_before − health, when both are known")
    engagement_change_7 = models.BigIntegerField(null=True, help_text="engagement − history of 7 days before as_of")
    engagement_change_30 = models.BigIntegerField(null=True)
    health_change_7 = models.SmallIntegerField(null=True)
    health_change_30 = models.SmallIntegerField(null=True)
    monthly_value = models.DecimalField(max_digits=20, decimal_places=2, null=True, help_text="BASE_CURRENCY")
    renews_on = models.DateField(null=True, help_text="The next renewal on as_of, while followed")
    at_risk = models.BooleanField()
    urgency = models.DecimalField(
        max_digits=20,
        decimal_places=2,
        null=True,
        help_text="Orders customers at risk, and is no money: RiskInputs.urgency",
        db_column="value_at_stake",  # its first name: another one would stop an installation that is upgraded
    )
    value_is_typical = models.BooleanField(
        help_text="Its own value is unknown; in its urgency, the portfolio's median stands in"
    )
    renews_soon = models.BooleanField(help_text="Within 90 days, which doubles the urgency")

    on_merge: ClassVar = OnMerge.DROP
    on_erase: ClassVar = OnErase.KEEP

    class Meta:
        constraints = Numbers.checks("current")
        indexes = [
            models.Index(
                F("urgency").desc(nulls_last=True),
                F("health_fall").desc(nulls_last=True),
                "customer",
                condition=Q(at_risk=True),
                name="score_by_urgency",
            ),
            *(models.Index(column, "customer", name=f"score_by_{column}") for column in SORTED_BY),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.engagement}"
