from surveys.models.answer import Answer, Group, Revision
from surveys.models.guard import Guard
from surveys.models.hook import Hook, Refused
from surveys.models.invitation import Dropped, Invitation, State, Token, Via
from surveys.models.survey import Basis, Kind, Logo, Status, Survey
from surveys.models.tally import Tally
from surveys.models.theme import Theme
from surveys.models.wave import Rule, Wave

__all__ = [
    "Answer",
    "Basis",
    "Dropped",
    "Group",
    "Guard",
    "Hook",
    "Invitation",
    "Kind",
    "Logo",
    "Refused",
    "Revision",
    "Rule",
    "State",
    "Status",
    "Survey",
    "Tally",
    "Theme",
    "Token",
    "Via",
    "Wave",
]
