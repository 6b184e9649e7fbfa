from django.db import models


class Answered(models.Model):
    """A write of the API that carried an `Idempotency-Key`, with its answer: a repeat gets the same one.

    Written in the transaction of the write itself. Kept for a day (`core.api.stored_answers`).
    """

    asker = models.CharField(max_length=60, help_text="Which key or colleague")
    # Hashed, because a key is any text of up to 255 characters, and may hold anything.
    key_hash = models.BinaryField(max_length=32)
    request_hash = models.BinaryField(max_length=32, help_text="Of method, address and body")
    # 0 while the write is being done; seen by its own transaction only.
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asker", "key_hash"], name="one_answer_per_asker_and_key")]

    def __str__(self) -> str:
        return f"{self.asker} {self.at}: {self.status}"
