"""Today equals what a plain reading of the same facts says: who is on it, why, in which order, what is done."""

import pytest
from django.db import transaction

from desk.today import rounds
from staff.models import User
from tests.conftest import NOW
from tests.sizes import sizes
from tests.today import plain, world

WHOSE = ("mine", "team", "following")


class Back(Exception):
    """Takes a world out of the database again."""


@pytest.mark.parametrize("worlds", sizes(range(60), range(500)), ids=len)
def test_today_shows_what_a_plain_reading_says(begun, worlds):
    seen: dict[str, int] = {}
    for seed in worlds:
        try:
            with transaction.atomic():
                compare(seed, seen)
                raise Back
        except Back:
            pass
    # Nothing of it was left out by chance.
    assert seen.keys() == {*plain.ORDER, "done", "put off", "left out"}, seen


def compare(seed, seen):
    made = world.made(seed)
    world.write(made, lambda made, person: [key for _, key, *_ in plain.reasons(made, person, None)])
    me = User.objects.get(pk=made.users["me"])
    names = {person.pk: person.name for person in made.people}
    for whose in WHOSE:
        shown = rounds.load(me, whose, NOW)
        rows, done = plain.today(made, whose)
        assert [(names[e.customer], [r.key for r in e.reasons]) for e in shown.open] == rows, (seed, whose)
        assert {names[entry.customer] for entry in shown.done} == done, (seed, whose)
        count(made, rows, done, seen)


def count(made, rows, done, seen):
    for person in made.people:
        if person.name not in dict(rows):
            seen["left out"] = seen.get("left out", 0) + 1
        elif plain.put_off(person) >= 3:
            seen["put off"] = seen.get("put off", 0) + 1
    for _, keys in rows:
        for key in keys:
            person = next(p for p in made.people if p.name == _)
            kind = next(kind for kind, k, *_ in plain.reasons(made, person, None) if k == key)
            seen[kind] = seen.get(kind, 0) + 1
    if done:
        seen["done"] = seen.get("done", 0) + len(done)
