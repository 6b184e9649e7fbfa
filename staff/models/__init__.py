from staff.models.api_key import ApiKey
from staff.models.key_guess import KeyGuess
from staff.models.user import Role, Team, User

__all__ = ["ApiKey", "KeyGuess", "Role", "Team", "User"]
