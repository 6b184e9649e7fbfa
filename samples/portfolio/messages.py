"""A customer's story as the messages an SDK would have sent, shaped as Segment's."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samples.portfolio import hours, properties
from samples.portfolio.chapter import Chapter
from samples.portfolio.people import Person
from samples.portfolio.properties import Moment
from samples.portfolio.spec import Portfolio, Stream
from samples.portfolio.story import Story

Message = dict[str, Any]

# What is done to or about a customer as a whole: no person's id goes with it.
NOBODYS = {
    "Company mentioned", "Invoice paid", "Invoice overdue", "Payment failed", "Price raised", "Champion left",
    "Note logged", "Trial started", "Trial converted", "Subscription cancelled",
}  # fmt: skip
_SHAPES = {"Page viewed": "page", "Screen viewed": "screen"}


def introductions(chapter: Chapter) -> Iterator[Message]:
    """Yield the identify and group messages of everyone who was ever there, at the hour they came.

    A customer without data has sent nothing, so nobody there is known.
    """
    if not any(row.any() for row in chapter.story.counts.values()):
        return
    for person in chapter.people:
        shared = {
            "userId": person.user_id,
            "timestamp": _at(chapter.portfolio, person.since, hours.PEOPLE_COME_AT),
        }
        traits = {"name": person.name, "email": person.email, "title": person.title}
        traits["locale"] = chapter.company.country.locale
        yield {"type": "identify", "messageId": f"{person.user_id}-identify", **shared, "traits": traits}
        group = {"groupId": chapter.company.company_id, "traits": {}}
        yield {"type": "group", "messageId": f"{person.user_id}-group", **shared, **group}


def events(chapter: Chapter) -> Iterator[Message]:
    """Yield the customer's events in order of time. Their ids count them, so that the same story has the same."""
    random = chapter.portfolio.random(chapter.story.index, Stream.MESSAGES)
    names, days, seconds = _times(random, chapter.story)
    persons = _persons(random, chapter, days)
    chances = random.random((len(days), 2))
    counts_so_far: Counter[str] = Counter()
    for place in np.lexsort((seconds, days)).tolist():
        name, day = names[place], int(days[place])
        person = None if name in NOBODYS else chapter.people[persons[place]]
        moment = Moment(chapter, name, day, person, counts_so_far, *chances[place].tolist())
        message_id = f"{chapter.company.company_id}-{counts_so_far.total():05}"
        at = _at(chapter.portfolio, day, int(seconds[place]))
        yield _message(chapter, name, person, message_id, at, properties.for_moment(moment))
        counts_so_far[name] += 1


def _message(
    chapter: Chapter, name: str, person: Person | None, message_id: str, at: str, details: dict[str, Any]
) -> Message:
    shape = _SHAPES.get(name, "track")
    message: Message = {"type": shape, "messageId": message_id, "timestamp": at, "properties": details}
    message["context"] = {"groupId": chapter.company.company_id}
    if person is not None:
        message["userId"] = person.user_id
    message["event" if shape == "track" else "name"] = name if shape == "track" else details.pop("name")
    return message


def _times(random: np.random.Generator, story: Story) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Return the type, day number and second of each event, type after type."""
    names: list[str] = []
    days, seconds = [], []
    for name, row in story.counts.items():
        happened = np.repeat(np.arange(len(row)), row)
        names += [name] * len(happened)
        days.append(happened)
        seconds.append(hours.seconds(random, name, len(happened)))
    return names, np.concatenate(days), np.concatenate(seconds)


def _persons(random: np.random.Generator, chapter: Chapter, days: NDArray[np.int64]) -> list[int]:
    """Return who did each event: anyone there that day, those of higher standing more often."""
    day = np.arange(chapter.portfolio.days)
    there = np.array([(day >= person.since) & (day < person.until) for person in chapter.people])
    # Zipf's weights: the first acts twice as often as the second, three times as often as the third.
    weights = there / (1 + np.arange(len(chapter.people)))[:, None]
    shares = np.cumsum(weights, axis=0) / np.maximum(weights.sum(axis=0), 1e-9)
    chosen = (random.random(len(days)) >= shares[:, days]).sum(axis=0)
    # Rounding may leave the last share just below 1.
    return np.minimum(chosen, len(chapter.people) - 1).tolist()


def _at(portfolio: Portfolio, day: int, second: int) -> str:
    return f"{portfolio.moment(day, second):%Y-%m-%dT%H:%M:%SZ}"
