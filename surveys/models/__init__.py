from surveys.models.answer import Answer, Revision
from surveys.models.guard import Guard
from surveys.models.hook import Hook, Refused
from surveys.models.invitation import Dropped, Invitation, InvitationState, Token, Via
from surveys.models.survey import Basis, Logo, Survey, SurveyStatus
from surveys.models.tally import Tally
from surveys.models.theme import Theme
from surveys.models.wave import Wave

__all__ = [
    "Answer",
    "Basis",
    "Dropped",
    "Guard",
    "Hook",
    "Invitation",
    "InvitationState",
    "Logo",
    "Refused",
    "Revision",
    "Survey",
    "SurveyStatus",
    "Tally",
    "Theme",
    "Token",
    "Via",
    "Wave",
]
