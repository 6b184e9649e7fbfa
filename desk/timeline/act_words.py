"""What acts say in plain words: what was done, and to how many events."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.show import day, number
from customers.consent import refusals
from customers.models import Act, AddressConsent, Origin

Kind = Act.Kind
# Under these nothing is withdrawn at the customer: an objection changes counts only, erasing leaves nothing to show.
_WITHOUT_EVENTS = (Kind.OBJECTION, Kind.ERASURE, Kind.CONSENT)
CONTACT = "contact"  # in a detail: the act is of a contact, not of a customer
_TOLD_AGAIN = (Kind.UNDONE, Kind.RATE, Kind.MOVE, Kind.PART)
# Of these the events are at another customer now, or at this one again.
_CARRIED = (Kind.MERGE, Kind.UNMERGE, Kind.REASSIGN, Kind.UNDO)


def sentence(act: Act, names: Mapping[int, str]) -> str:
    """Return one sentence without who and when, such as "INV-77 changed: 1 event withdrawn". `names` of contacts."""
    detail = detail_of(act)
    head = _HEADS[Kind(act.kind)](act, detail, names)
    events = detail.get("events", 0)
    if not events or act.kind in _WITHOUT_EVENTS:
        return head
    return _("%(what)s: %(events)s") % {"what": head, "events": _events(act, detail, events)}


def has_withdrawn(act: Act) -> bool:
    """Return whether events were withdrawn at the customer: what came from a visitor in no list left nothing there."""
    detail = detail_of(act)
    return bool(detail.get("events")) and act.kind not in _WITHOUT_EVENTS and not _came_from_elsewhere(act, detail)


def contact_of(act: Act) -> int | None:
    """Return whom the act is about."""
    contact: int | None = detail_of(act).get("contact")
    return contact


def detail_of(act: Act) -> Mapping[str, Any]:
    """Return the act's detail over that of the act of many it is part of."""
    return {**act.part_of.detail, **act.detail} if act.part_of else act.detail


def _came_from_elsewhere(act: Act, detail: Mapping[str, Any]) -> bool:
    if act.kind in _CARRIED:
        return "gone_name" in detail
    if act.kind == Kind.PART:
        return bool(detail.get("came"))
    return act.kind == Kind.MOVE and detail.get("from_customer") != act.customer_id


def _events(act: Act, detail: Mapping[str, Any], n: int) -> str:
    if _came_from_elsewhere(act, detail):
        words = ngettext("%(n)s event", "%(n)s events", n)
    elif act.kind in _TOLD_AGAIN or detail.get("kind") not in (None, "withdraw"):
        words = ngettext("%(n)s event told again", "%(n)s events told again", n)
    else:
        words = ngettext("%(n)s event withdrawn", "%(n)s events withdrawn", n)
    return words % {"n": number(n)}


def _moved(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    if _came_from_elsewhere(act, detail):
        return _("Moved here from an unknown visitor")
    return _("An unknown visitor turned out to be %(name)s") % {"name": _person(detail, names)}


def _parted(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    if _came_from_elsewhere(act, detail):
        words = _("Moved here, as people who shared the id “%(id)s” were parted")
    else:
        words = _("People who shared the id “%(id)s” were parted")
    return words % {"id": detail.get("id", "")}


def _record(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    words = _("%(name)s moved to another customer") if detail.get("to") else _("%(name)s changed")
    return words % {"name": _name(detail)}


def _objection(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    words = (
        _("%(name)s is not scored from %(day)s on")
        if detail.get("objects")
        else _("%(name)s is scored again from %(day)s on")
    )
    since = date.fromisoformat(detail["from"]) if detail.get("from") else act.at
    return words % {"name": _person(detail, names), "day": day(since)}


def _consent(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    words = {
        refusals.LIFTED: _("%(name)s may be sent surveys again (%(origin)s)"),
        AddressConsent.Kind.BOUNCED: _("Mail to %(name)s comes back, so no surveys are sent (%(origin)s)"),
    }.get(detail.get("what", ""), _("%(name)s wants no surveys (%(origin)s)"))
    return words % {"name": _person(detail, names), "origin": Origin(detail.get("origin", Origin.BEFORE)).label}


def _event_type(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    return _("Event type merged into another") if detail.get("kind") == "merge" else _("Event type changed")


def _rate(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    currency = detail.get("currency")
    return (
        _("Exchange rate of %(currency)s added") % {"currency": currency} if currency else str(act.get_kind_display())
    )


def _merged(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    if not detail.get("gone_name"):
        return _("Merged with another customer")
    if detail["of"] == CONTACT:
        return _("%(gone)s merged into %(kept)s") % {"gone": detail["gone_name"], "kept": detail["kept_name"]}
    return _("Merged with %(name)s") % {"name": detail["gone_name"]}


def _unmerged(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    if not detail.get("gone_name"):
        return _("Merge undone")
    return _("Merge of %(gone)s into %(kept)s undone") % {"gone": detail["gone_name"], "kept": detail["kept_name"]}


def _reassigned(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    return _("%(name)s moved to %(customer)s") % {"name": detail["gone_name"], "customer": detail["to_name"]}


def _owner(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    if not detail.get("owner_name"):
        return _("Owner removed")
    return _("Assigned to %(name)s") % {"name": detail["owner_name"]}


def _undone(act: Act, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    if "owner_name" in detail:
        return _("Assignment to %(name)s undone") % {"name": detail["owner_name"] or _("No owner")}
    if "to" in detail:
        words = _("Move of %(name)s to %(customer)s undone")
        return words % {"name": detail["gone_name"], "customer": detail["to_name"]}
    return _("Deletion of %(name)s undone") % {"name": detail["gone_name"]}


def _person(detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    return names.get(detail.get("contact", 0)) or _("Unknown person")


def _name(detail: Mapping[str, Any]) -> str:
    # A note is called by nothing but its kind: what was written stays in it.
    return _("A note") if detail.get("model") == "note" else detail.get("name") or _("A record")


_Head = Callable[[Act, Mapping[str, Any], Mapping[int, str]], str]
_HEADS: dict[Act.Kind, _Head] = {
    Kind.MERGE: _merged,
    Kind.UNMERGE: _unmerged,
    Kind.MOVE: _moved,
    Kind.PART: _parted,
    Kind.CORRECTION: lambda *_about: _("Corrected"),
    Kind.UNDONE: lambda *_about: _("Correction undone"),
    Kind.RECORD: _record,
    Kind.DELETION: lambda _act, detail, _names: _("%(name)s deleted") % {"name": _name(detail)},
    Kind.RATE: _rate,
    Kind.EVENT_TYPE: _event_type,
    Kind.OBJECTION: _objection,
    Kind.ERASURE: lambda *_about: _("A person was erased"),
    Kind.CONSENT: _consent,
    Kind.REASSIGN: _reassigned,
    Kind.REMOVAL: lambda _act, detail, _names: _("%(name)s deleted") % {"name": detail["gone_name"]},
    Kind.RELEASE: lambda _act, detail, _names: _("Ids of %(name)s released") % {"name": detail["gone_name"]},
    Kind.UNDO: _undone,
    Kind.OWNER: _owner,
}
