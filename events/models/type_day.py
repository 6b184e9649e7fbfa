from django.db import models
from django.db.models import F, Q

from events.models.event_type import EventType


class TypeDay(models.Model):
    """Events of a type came in for a day: a row for each way in which they did, written with the first of them.

    It says whether a type was ever sent at all, by anybody, and as known when: rows are only added. `received_on` is
    later than `known_on` where a history was declared. `by_contact`: activities of a known person.
    """

    pk = models.CompositePrimaryKey("event_type_id", "day", "known_on", "received_on", "by_contact")
    event_type = models.ForeignKey(
        EventType, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    day = models.DateField()
    known_on = models.DateField()
    received_on = models.DateField()
    by_contact = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["known_on"], condition=Q(received_on=F("known_on")), name="type_days_that_were_live")
        ]

    def __str__(self) -> str:
        return f"{self.event_type_id} {self.day}"
