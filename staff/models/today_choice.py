from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.models.user import User


class Whose(models.TextChoices):
    """Whose customers Today shows."""

    MINE = "mine", _("Mine")
    TEAM = "team", _("My team")
    FOLLOWING = "following", _("Following")


class TodayChoice(models.Model):
    """What Today remembers of a colleague: whose customers they look at, and when they last looked."""

    colleague = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="today_choice")
    whose = models.CharField(max_length=10, choices=Whose.choices, default=Whose.MINE)
    seen_on = models.DateField(null=True, help_text="The last day they looked")
    seen_before = models.DateField(null=True, help_text="The day before that on which they looked")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(whose__in=Whose.values), name="today_whose_is_known")]

    def __str__(self) -> str:
        return f"{self.colleague_id} {self.whose}"
