from django.db import models
from django.db.models import Q


class Calendar(models.Model):
    """The zone whose days all stored days are of: one row. `core.days` writes it and refuses to work with another."""

    zone = models.CharField(max_length=60)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_calendar")]

    def __str__(self) -> str:
        return self.zone
