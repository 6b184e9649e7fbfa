from django.db import models


class KeyGuess(models.Model):
    """How many keys that do not exist came from a network within a minute; `staff.guesses` counts and forgets."""

    network = models.CharField(max_length=45)
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "minute"], name="one_count_per_network_and_minute")]

    def __str__(self) -> str:
        return f"{self.network} {self.minute}: {self.count}"
