"""What the records of a customer share: their key, and the id of the system they come from."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


class Record(models.Model):
    """A row that belongs to a customer. Its id is made from `external_id` when it has one (records/rows.py)."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.DO_NOTHING,
        # The primary key begins with it.
        db_index=False,
        related_name="%(class)ss",
    )
    id = models.UUIDField(default=uuid.uuid4)
    external_id = models.CharField(_("id in its own system"), max_length=200, blank=True)
    told = models.JSONField(
        null=True,
        default=dict,
        editable=False,
        help_text="Part → how often it was told, and what stands (records/telling/). None: written before it was kept",
    )
    next_on = models.DateField(
        null=True, editable=False, help_text="The next day on which time alone changes what it says"
    )

    class Meta:
        abstract = True

    @property
    def short_name(self) -> str:
        """What acts call it: they outlive it."""
        return str(self)[:60]
