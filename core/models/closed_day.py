from django.db import models


class ClosedDay(models.Model):
    """A day of the company whose counts are final for "as known then"; `core.days` closes days in order.

    The first row is the eve of the installation's first day: everything before it counts as closed.
    """

    day = models.DateField(primary_key=True)
    closed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.day.isoformat()
