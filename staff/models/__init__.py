from staff.models.api_key import ApiKey
from staff.models.company import Company, CompanyChange, CompanyLogo
from staff.models.failed_attempts import FailedAttempts
from staff.models.key_guess import KeyGuess
from staff.models.today_choice import TodayChoice, Whose
from staff.models.user import Role, Team, User

__all__ = [
    "ApiKey",
    "Company",
    "CompanyChange",
    "CompanyLogo",
    "FailedAttempts",
    "KeyGuess",
    "Role",
    "Team",
    "TodayChoice",
    "User",
    "Whose",
]
