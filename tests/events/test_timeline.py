"""The same thing done again and again on one day is one line; nothing is lost in it."""

from datetime import timedelta

from core.days import business_day
from customers.models import Contact
from desk.timeline.timeline import _entry, grouped
from events.models import Event, EventType
from tests.conftest import NOW


def happened(*events):
    """Make events, newest first: (type, minutes ago, contact, properties)."""
    types = {name: EventType(pk=number, name=name) for number, name in enumerate({name for name, *_ in events})}
    return [
        _entry(
            Event(
                event_type=types[name],
                occurred_at=NOW - timedelta(minutes=ago),
                day=business_day(NOW - timedelta(minutes=ago)),
                contact=Contact(pk=contact),
                properties=properties,
                flags=0,
                value=properties.get("value"),
            )
        )
        for name, ago, contact, properties in events
    ]


def sizes(*events):
    return [(group.first.event.event_type.name, len(group.entries)) for group in grouped(happened(*events))]


def test_pages_are_told_apart_by_name_people_and_days():
    page = "Page viewed"
    assert sizes(
        (page, 0, 1, {"name": "Pricing"}),
        (page, 1, 1, {"name": "Blog"}),
        (page, 2, 1, {"name": "Pricing"}),
        (page, 3, 2, {"name": "Pricing"}),
        (page, 24 * 60, 1, {"name": "Pricing"}),
    ) == [(page, 2), (page, 1), (page, 1), (page, 1)]


def test_a_group_says_what_all_of_it_say_and_adds_up_its_values():
    group = grouped(
        happened(
            ("Order", 0, 1, {"value": 1_500, "shop": "Lyon", "colour": "red"}),
            ("Order", 1, 1, {"value": 2_000, "shop": "Lyon", "colour": "blue"}),
        )
    )[0]
    assert group.details == ["shop: Lyon"]
    assert group.value == 3.5


def test_a_group_stands_where_it_happened_last():
    assert sizes(("A", 0, 1, {}), ("B", 1, 1, {}), ("A", 2, 1, {})) == [("A", 2), ("B", 1)]
