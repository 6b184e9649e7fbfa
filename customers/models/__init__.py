from customers.models.act import Act
from customers.models.affiliation import Affiliation
from customers.models.change import Change
from customers.models.contact import Contact
from customers.models.customer import Customer, Kind, Stage
from customers.models.identity import Identity, IdentityKind
from customers.models.input_log import InputLog
from customers.models.segment import Segment
from customers.models.snooze import Snooze
from customers.models.touched import Touched

__all__ = [
    "Act",
    "Affiliation",
    "Change",
    "Contact",
    "Customer",
    "Identity",
    "IdentityKind",
    "InputLog",
    "Kind",
    "Segment",
    "Snooze",
    "Stage",
    "Touched",
]
