from staff.models.api_key import ApiKey
from staff.models.user import Role, Team, User

__all__ = ["ApiKey", "Role", "Team", "User"]
