"""Who works here, for admins."""

from staff.admin.colleagues import ColleagueAdmin, TeamAdmin

__all__ = ["ColleagueAdmin", "TeamAdmin"]
