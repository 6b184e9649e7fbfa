from customers.models.act import Act
from customers.models.affiliation import Affiliation
from customers.models.change import Change
from customers.models.changed import Changed
from customers.models.contact import Contact
from customers.models.customer import Customer, Kind, Stage
from customers.models.exclusion import Exclusion
from customers.models.identity import Identity, IdentityKind
from customers.models.input_log import InputLog
from customers.models.segment import Segment
from customers.models.snooze import Snooze

__all__ = [
    "Act",
    "Affiliation",
    "Change",
    "Changed",
    "Contact",
    "Customer",
    "Exclusion",
    "Identity",
    "IdentityKind",
    "InputLog",
    "Kind",
    "Segment",
    "Snooze",
    "Stage",
]
