"""A customer's story as the messages an SDK would have sent, shaped as Segment's."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samples.portfolio import company, hours, money, people, properties
from samples.portfolio.company import Company
from samples.portfolio.money import State
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


@dataclass(frozen=True, slots=True)
class Chapter:
    """Everything about one customer."""

    portfolio: Portfolio
    company: Company
    story: Story
    people: list[Person]
    states: list[State]


def chapter(portfolio: Portfolio, story: Story) -> Chapter:
    who = company.company(portfolio, story.index)
    return Chapter(portfolio, who, story, people.people(portfolio, who, story), money.states(portfolio, who, story))


def introductions(told: Chapter) -> Iterator[Message]:
    """Yield the identify and group messages of everyone who was ever there, at the hour they came.

    A customer without data has sent nothing, so nobody there is known.
    """
    if not any(row.any() for row in told.story.counts.values()):
        return
    for person in told.people:
        shared = {
            "userId": person.user_id,
            "timestamp": _at(told.portfolio, person.since, hours.PEOPLE_COME_AT),
        }
        traits = {"name": person.name, "email": person.email, "title": person.title}
        traits["locale"] = told.company.country.locale
        yield {"type": "identify", "messageId": f"{person.user_id}-identify", **shared, "traits": traits}
        group = {"groupId": told.company.company_id, "traits": {}}
        yield {"type": "group", "messageId": f"{person.user_id}-group", **shared, **group}


def events(told: Chapter) -> Iterator[Message]:
    """Yield the customer's events in order of time. Their ids count them, so that the same story has the same."""
    random = told.portfolio.random(told.story.index, Stream.MESSAGES)
    names, days, seconds = _times(random, told.story)
    persons = _persons(random, told, days)
    chances = random.random((len(days), 2))
    told_so_far: Counter[str] = Counter()
    for place in np.lexsort((seconds, days)).tolist():
        name, day = names[place], int(days[place])
        person = None if name in NOBODYS else told.people[persons[place]]
        moment = Moment(told, name, day, person, told_so_far, *chances[place].tolist())
        message_id = f"{told.company.company_id}-{told_so_far.total():05}"
        at = _at(told.portfolio, day, int(seconds[place]))
        yield _message(told, name, person, message_id, at, properties.of(moment))
        told_so_far[name] += 1


def _message(
    told: Chapter, name: str, person: Person | None, message_id: str, at: str, said: dict[str, Any]
) -> Message:
    shape = _SHAPES.get(name, "track")
    message: Message = {"type": shape, "messageId": message_id, "timestamp": at, "properties": said}
    message["context"] = {"groupId": told.company.company_id}
    if person is not None:
        message["userId"] = person.user_id
    message["event" if shape == "track" else "name"] = name if shape == "track" else said.pop("name")
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


def _persons(random: np.random.Generator, told: Chapter, days: NDArray[np.int64]) -> list[int]:
    """Return who did each event: anyone there that day, those of higher standing more often."""
    day = np.arange(told.portfolio.days)
    there = np.array([(day >= person.since) & (day < person.until) for person in told.people])
    weights = there / (1 + np.arange(len(told.people)))[:, None]
    shares = np.cumsum(weights, axis=0) / np.maximum(weights.sum(axis=0), 1e-9)
    chosen = (random.random(len(days)) >= shares[:, days]).sum(axis=0)
    return np.minimum(chosen, len(told.people) - 1).tolist()


def _at(portfolio: Portfolio, day: int, second: int) -> str:
    midnight = datetime.combine(portfolio.day(day), time(), tzinfo=UTC)
    return f"{midnight + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"
