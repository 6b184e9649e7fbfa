from django.db import models

from events.models.source import Source


# A table of its own: a unique key of the partitioned log would have to contain the event's time.
class Seen(models.Model):
    """A message that was stored: the first 16 bytes of its id's SHA-256, unique within its source.

    Kept as long as its event: `day` is the day of the event, so that retention can drop both.
    """

    pk = models.CompositePrimaryKey("source_id", "message_hash")
    source = models.ForeignKey(
        Source, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    message_hash = models.BinaryField(max_length=16)
    day = models.DateField()

    def __str__(self) -> str:
        return bytes(self.message_hash).hex()
