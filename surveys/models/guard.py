from typing import ClassVar

from django.db import models

from core.spread import OnErase, OnMerge
from customers.models import Contact


class Guard(models.Model):
    """When a contact was last asked, whatever the survey: every sender locks this row first.

    A look-up table: a contact outlives the companies they work at.
    """

    contact = models.OneToOneField(Contact, primary_key=True, on_delete=models.CASCADE, related_name="guard")
    asked_at = models.DateTimeField(null=True)
    invitation_id = models.UUIDField(null=True, help_text="The one they were asked by: its reminder may pass")
    bounced_at = models.DateTimeField(null=True)
    # The address, not only the contact: a corrected address gets mail again.
    bounced_address = models.CharField(max_length=254, blank=True, help_text="Another address may be tried")

    on_merge: ClassVar = OnMerge.REPOINT
    on_erase: ClassVar = OnErase.ANONYMISE

    def __str__(self) -> str:
        return f"{self.contact_id} {self.asked_at}"
