from datetime import timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.jobs.leased import LeasedJob
from scoring.models.scoring_model import ScoringModel
from staff.models import Role, User


class BackTestQuerySet(models.QuerySet["BackTest"]):
    def visible_to(self, user: User) -> Self:
        """Keep all for admins and leads, none for others: a back-test is about all customers at once."""
        return self if user.is_active and user.role in (Role.ADMIN, Role.LEAD) else self.none()


class BackTest(LeasedJob):
    """A version of the scoring model held against the past: the question, the progress and the result.

    Workers do it step by step (core.jobs.leased); each step also moves `at_step`.
    """

    lease_time: ClassVar = timedelta(minutes=10)
    round_time: ClassVar = timedelta(seconds=30)
    waiting_states: ClassVar = ("running",)
    place_fields: ClassVar = ("at_step",)
    task: ClassVar = "scoring.tasks.go_on_with_back_tests"

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")
        DONE = "done", _("Done")

    class Outcome(models.TextChoices):
        CHURNED = "churned", _("The customer churned")
        QUIET = "quiet", _("No activity")
        REVENUE_FELL = "revenue", _("Monthly revenue fell")

    class Judged(models.TextChoices):
        HEALTH = "health", _("Health")
        ENGAGEMENT = "engagement", _("Engagement")

    # The question
    model = models.ForeignKey(ScoringModel, null=True, on_delete=models.SET_NULL, related_name="back_tests")
    model_name = models.CharField(max_length=120, help_text="Kept when a draft is deleted")
    outcome = models.CharField(_("outcome to predict"), max_length=10, choices=Outcome.choices)
    horizon = models.PositiveSmallIntegerField(_("within how many days"))
    quiet_days = models.PositiveSmallIntegerField(_("days without activity"), default=0)
    least_fall = models.PositiveSmallIntegerField(_("by at least, in %"), default=0)
    least_days = models.PositiveSmallIntegerField(_("followed for at least, in days"), default=0)
    days = ArrayField(models.DateField(), help_text="The past days to stand on, in order")
    judged = models.CharField(_("what to evaluate"), max_length=10, choices=Judged.choices)
    calls = models.PositiveIntegerField(_("customers the team can call"))
    signs = models.JSONField(default=dict, help_text="Event type → 1: points not below 0; −1: not above")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    last_whole_day = models.DateField(help_text="When it was asked for: what ends later is immature")

    # The progress and the result
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    at_step = models.PositiveIntegerField(default=0)
    total_steps = models.PositiveIntegerField(null=True)
    inputs = models.JSONField(default=dict, help_text="The versions as they were when it ran")
    result = models.JSONField(default=dict)
    problem = models.CharField(max_length=20, blank=True)

    objects = BackTestQuerySet.as_manager()

    class Meta:
        verbose_name = _("back-test")
        verbose_name_plural = _("back-tests")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["running", "cancelled", "failed", "done"]), name="back_test_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["churned", "quiet", "revenue"]), name="back_test_outcome_is_known"
            ),
            models.CheckConstraint(condition=Q(judged__in=["health", "engagement"]), name="back_test_judges_a_number"),
            models.CheckConstraint(condition=Q(horizon__range=(1, 730)), name="back_test_horizon_is_1_to_730"),
            models.CheckConstraint(
                # The days without activity are the last ones of the horizon, so they cannot be more.
                condition=(Q(outcome="quiet") & Q(quiet_days__gte=1) & Q(quiet_days__lte=models.F("horizon")))
                | (~Q(outcome="quiet") & Q(quiet_days=0)),
                name="back_test_quiet_days_go_with_their_outcome",
            ),
            models.CheckConstraint(condition=Q(least_fall__lte=100), name="back_test_fall_is_a_percentage"),
            models.CheckConstraint(condition=Q(calls__gte=1), name="back_test_calls_somebody"),
        ]
        indexes: ClassVar = [models.Index("id", condition=Q(state="running"), name="back_test_of_workers")]

    def __str__(self) -> str:
        return f"{self.model_name}, {self.created_at:%Y-%m-%d}"

    def drop_unfinished(self) -> None:
        BackTestPart.objects.filter(of=self).delete()


class BackTestPart(models.Model):
    """What one step of a back-test found, as NumPy arrays. Goes when the back-test is over."""

    pk = models.CompositePrimaryKey("of_id", "step")
    of = models.ForeignKey(BackTest, on_delete=models.CASCADE, db_index=False, related_name="parts")
    step = models.PositiveIntegerField()
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.of_id} {self.step}"
