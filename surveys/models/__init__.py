from surveys.models.answer import Answer, Revision
from surveys.models.guard import AddressGuard
from surveys.models.hook import Hook, Refused
from surveys.models.invitation import Dropped, Invitation, InvitationState, Token, Via
from surveys.models.survey import Basis, Logo, Survey, SurveyStatus
from surveys.models.tally import Tally
from surveys.models.theme import Theme
from surveys.models.wave import Wave

__all__ = [
    "AddressGuard",
    "Answer",
    "Basis",
    "Dropped",
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
