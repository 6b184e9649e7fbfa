from customers.models.act import Act
from customers.models.address_consent import AddressConsent, AddressKey, Origin
from customers.models.affiliation import Affiliation
from customers.models.apart import ContactsApart, CustomersApart
from customers.models.attribute_definition import AttributeDefinition, AttributeType
from customers.models.change import Change
from customers.models.changed import Changed
from customers.models.contact import Contact
from customers.models.customer import Customer, Kind, Stage
from customers.models.exclusion import Exclusion
from customers.models.field_rules import CustomerField, FieldOrigin, FieldSource, FieldTrait
from customers.models.following import Following
from customers.models.identity import Identity, IdentityKind
from customers.models.input_log import InputLog
from customers.models.mark import Mark
from customers.models.membership import Membership
from customers.models.segment import Segment
from customers.models.segment_member import SegmentDay, SegmentMember
from customers.models.shared_id import SharedId
from customers.models.snooze import Snooze
from customers.models.taken_along import TakenAlong
from customers.models.wrong_id import WrongId

__all__ = [
    "Act",
    "AddressConsent",
    "AddressKey",
    "Affiliation",
    "AttributeDefinition",
    "AttributeType",
    "Change",
    "Changed",
    "Contact",
    "ContactsApart",
    "Customer",
    "CustomerField",
    "CustomersApart",
    "Exclusion",
    "FieldOrigin",
    "FieldSource",
    "FieldTrait",
    "Following",
    "Identity",
    "IdentityKind",
    "InputLog",
    "Kind",
    "Mark",
    "Membership",
    "Origin",
    "Segment",
    "SegmentDay",
    "SegmentMember",
    "SharedId",
    "Snooze",
    "Stage",
    "TakenAlong",
    "WrongId",
]
