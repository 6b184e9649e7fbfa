from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Segment
from events.models import EventType
from staff.models import User
from surveys.models.survey import Survey

ONCE, AFTER_AN_EVENT = "once", "event"  # all are in surveys.sending.rules


def rule_choices() -> list[tuple[str, Any]]:
    from surveys.sending import rules  # local, because the rules query waves

    return rules.choices()


class Wave(models.Model):
    """Whom a survey asks, and when: of a segment or a filter of customers, the contacts with a role, by e-mail."""

    survey = models.ForeignKey(Survey, verbose_name=_("survey"), on_delete=models.CASCADE, related_name="waves")
    rule = models.CharField(_("when"), max_length=10, choices=rule_choices, default=ONCE)
    segment = models.ForeignKey(
        Segment, verbose_name=_("segment"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    query = models.JSONField(_("filter"), default=dict, help_text="Of customers, when there is no segment")
    role = models.CharField(
        _("role contains"), max_length=100, blank=True, help_text=_("Empty: all contacts at these customers.")
    )
    days = models.PositiveSmallIntegerField(
        _("over how many days"), default=14, help_text=_("The same share of all contacts each day.")
    )
    delay_hours = models.PositiveIntegerField(_("hours afterwards"), default=24)
    before_days = models.PositiveSmallIntegerField(_("days before"), default=60)
    event_type = models.ForeignKey(
        EventType, verbose_name=_("event type"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sees_all = models.BooleanField(default=False, help_text="Made by the company's own key: everybody is visible")
    starts_at = models.DateTimeField(_("from"))
    # A place, not an offset: contacts may come and go between two chunks.
    after_contact = models.BigIntegerField(default=0, help_text="How far the contacts are gone through")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar[models.Manager["Wave"]] = models.Manager()

    class Meta:
        verbose_name = _("survey distribution")
        verbose_name_plural = _("survey distributions")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            # Not a list of rules: adding one needs no migration.
            models.CheckConstraint(condition=~Q(rule=""), name="wave_has_a_rule"),
            models.CheckConstraint(
                condition=~Q(rule=AFTER_AN_EVENT) | Q(event_type__isnull=False), name="a_wave_after_an_event_names_it"
            ),
            models.CheckConstraint(condition=Q(days__range=(1, 366)), name="wave_days_are_1_to_366"),
        ]

    def __str__(self) -> str:
        return f"{self.survey}: {self.get_rule_display()}"
