"""What comes in and by which keys, for admins. Event types are registered by scoring, which knows their points."""

from events.admin.api_keys import ApiKeyAdmin
from events.admin.rejected import RejectedAdmin
from events.admin.sources import SourceAdmin

__all__ = ["ApiKeyAdmin", "RejectedAdmin", "SourceAdmin"]
