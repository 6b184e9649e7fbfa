from django.db import models


class FailedAttempts(models.Model):
    """How many wrong passwords came for an account or from a network; `staff.signing_in.attempts` counts and forgets.

    The key is a keyed hash: the table tells neither an address nor a network.
    """

    key = models.BinaryField(primary_key=True, max_length=16)
    failures = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="failed_attempts_by_age")]

    def __str__(self) -> str:
        return f"{bytes(self.key).hex()}: {self.failures}"
