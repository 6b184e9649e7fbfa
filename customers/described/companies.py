"""What group calls say about a company: known traits reach fields, the others are kept among the attributes.

Two timelines. A field follows whose word counts most, then the latest (`origins`). An attribute follows the latest
call that named its trait, whose instant is kept in `Customer.set_at`. A trait that reached a field is no attribute from
then on, until a later call sends what the field cannot hold.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from customers.described import origins, values
from customers.described.origins import Setting
from customers.described.rules import Rules
from customers.models import Customer, CustomerField

COLUMNS = (*CustomerField.values, "attributes", "set_at", "field_origins")
_TIE = 4  # bytes of a message's hash: enough to decide between two of one instant


@dataclass(frozen=True, slots=True)
class CompanyCall:
    """What one message says about a company, and how it is read."""

    traits: Mapping[str, Any]
    at: datetime
    message_hash: bytes
    origin: str  # FieldOrigin
    rules: Rules

    @property
    def setting(self) -> Setting:
        return Setting(self.origin, self.at, self.message_hash[:_TIE].hex())


def describe(customer: Customer, call: CompanyCall) -> None:
    """Set what the call may set. In any order, the same calls leave the same fields, attributes and origins."""
    origins.begin(customer)  # from `set_at`, before that changes
    found = _fields(call)
    used = {trait for trait, _value in found.values()}
    for trait, value in call.traits.items():
        if trait not in call.rules.traits:
            _keep(customer, trait, value, call.at)
        elif not values.is_nothing(value):
            _keep(customer, trait, value, call.at, is_field=trait in used)
    if _is_other_currency(customer, call, found):
        del found["mrr"]
    for field, (_trait, value) in found.items():
        if origins.wins(customer, field, call.setting, call.rules):
            setattr(customer, field, value)
            origins.begin(customer)[field] = call.setting.as_stored()


def _fields(call: CompanyCall) -> dict[str, tuple[str, Any]]:
    """Return field → the trait that reaches it, and the value; of several traits for a field the first by the rules."""
    found: dict[str, tuple[str, Any]] = {}
    for trait, field in call.rules.traits.items():
        value = None if field in found else values.read(field, _value(call.traits, trait))
        if value is not None:
            found[field] = trait, value
    currencies = [trait for trait, field in call.rules.traits.items() if field == "currency"]
    if "currency" not in found and any(not values.is_nothing(_value(call.traits, trait)) for trait in currencies):
        found.pop("mrr", None)  # an amount of nobody knows what
    return found


def _is_other_currency(customer: Customer, call: CompanyCall, found: Mapping[str, tuple[str, Any]]) -> bool:
    """Tell whether the amount is in another currency than the one that somebody of a higher rank has set."""
    if "mrr" not in found or "currency" not in found or found["currency"][1] == customer.currency:
        return False
    return origins.is_outranked(customer, "currency", call.origin, call.rules)


def _value(traits: Mapping[str, Any], trait: str) -> Any:
    """Return a trait by its name, or by its path."""
    if trait in traits or "." not in trait:
        return traits.get(trait)
    value: Any = traits
    for part in trait.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _keep(customer: Customer, trait: str, value: Any, at: datetime, *, is_field: bool = False) -> None:
    """Keep a trait among the attributes, or take away what was kept when it is a field's, unless a later call spoke."""
    stands, kept = customer.set_at.get(trait), customer.attributes
    if stands is not None:
        last = datetime.fromisoformat(stands)
        if last > at or (last == at and _order(kept, trait) <= _order({} if is_field else {trait: value}, trait)):
            return
    customer.set_at[trait] = at.isoformat()
    if is_field:
        kept.pop(trait, None)
    else:
        kept[trait] = value


def _order(attributes: Mapping[str, Any], trait: str) -> str:
    """Return what decides between two calls of one instant: the smaller value, and none before any."""
    return json.dumps(attributes[trait], sort_keys=True) if trait in attributes else ""
