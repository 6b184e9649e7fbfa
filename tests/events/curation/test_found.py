"""Histories that random ones found to go wrong once, each as short as it could be made."""

import pytest

from tests.events.curation.test_any_order import Office

ACME, BIRCH = {"groupId": "acme"}, {"groupId": "birch"}


class Still:
    """Chance that does nothing: calls come in the order given, once, and settle when they are checked."""

    def random(self):
        return 0.9

    def randrange(self, _end):
        return 0

    def sample(self, _messages, _size):
        return []

    def shuffle(self, _messages):
        pass


def call(kind, hour, user=None, device=None, previous=None, context=None, group=None):
    given = {"userId": user, "anonymousId": device, "previousId": previous, "context": context, "groupId": group}
    about = {name: value for name, value in given.items() if value is not None}
    event = {"event": "Report created"} if kind == "track" else {}
    return {"type": kind, "timestamp": f"2026-06-15T{hour:02}:00:00+00:00", **event, **about}


HISTORIES = {
    "an event is restored whose person was joined to another meanwhile": [
        [
            call("track", 12, device="a2", context=ACME),
            call("track", 11, user="u2", device="a2", context=BIRCH),
        ],
        ("remove company", "acme"),
        [call("alias", 11, user="u1", device="a1", previous="u2")],
        ("undo", 1),
    ],
    "whoever counted for another lives where they are stored": [
        [call("alias", 11, user="u3", previous="a2"), call("alias", 11, user="u2", device="a1", previous="u1")],
        ("people", ["u3", "u1", "u2"]),
        [call("alias", 10, user="u3", previous="a1")],
        [call("alias", 8, user="u2", device="a2", previous="a1")],
    ],
    "a home is left by whom colleagues merged and calls join": [
        [
            call("track", 8, device="a1", context=ACME),
            call("alias", 8, user="u1", previous="u1"),
            call("group", 7, user="u3", group="acme"),
            call("track", 7, user="u3", context=BIRCH),
        ],
        ("people", ["u3", "u1", "u2"]),
        [
            call("track", 11, user="u1", device="a1"),
            call("alias", 9, user="u1", device="a1", previous="u3"),
            call("track", 10, device="a1"),
        ],
    ],
}


@pytest.mark.parametrize("name", HISTORIES)
def test_it_is_as_the_model_says(website, name):
    office, sent = Office(website, Still()), 0
    for step in HISTORIES[name]:
        if isinstance(step, tuple):
            office.do(*step)
        else:
            office.receive([{**message, "messageId": f"m{sent + i}"} for i, message in enumerate(step)])
            sent += len(step)
        office.is_as_expected()
