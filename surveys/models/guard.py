from django.db import models


class AddressGuard(models.Model):
    """When an e-mail address was last asked, whatever the survey and whoever has it: every sender locks this row first.

    Names nobody: the address is a keyed hash (customers/consent/addresses.py).
    """

    address = models.BinaryField(primary_key=True, max_length=32)
    asked_at = models.DateTimeField(null=True)
    invitation_id = models.UUIDField(null=True, help_text="The one it was asked by: its reminder may pass")

    def __str__(self) -> str:
        return f"{bytes(self.address).hex()[:8]} {self.asked_at}"
