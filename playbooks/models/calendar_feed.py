from django.db import models

from staff.models import User


class CalendarFeed(models.Model):
    """That somebody's tasks and renewals can be read by a secret address; making it anew ends the old one."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="calendar_feed")
    # SHA-256: a fast hash is enough for 190 random bits (staff/api_keys.py).
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Calendar of {self.user_id}"
