"""Who works here, and the keys of other systems, for admins."""

from staff.admin.api_keys import ApiKeyAdmin
from staff.admin.colleagues import ColleagueAdmin, TeamAdmin

__all__ = ["ApiKeyAdmin", "ColleagueAdmin", "TeamAdmin"]
