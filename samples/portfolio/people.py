"""The people at a customer: who they are, when they came, and when a champion left."""

import unicodedata
from dataclasses import dataclass, replace

import numpy as np

from samples.portfolio import names
from samples.portfolio.company import Company
from samples.portfolio.life import NEVER
from samples.portfolio.spec import Portfolio, Stream
from samples.portfolio.story import Story

_FEWEST, _MOST = 2, 9
_JOIN_WITHIN = 30  # days in which a new customer's people come


@dataclass(frozen=True, slots=True)
class Person:
    """At the customer from day `since` to the day before `until`."""

    user_id: str
    name: str
    email: str
    title: str
    since: int
    until: int = NEVER


def people(portfolio: Portfolio, company: Company, story: Story) -> list[Person]:
    """Return everyone who ever was at the customer, in order of standing: the first there is the champion.

    Somebody new comes for each champion who left. Nobody, for a customer without data.
    """
    random = portfolio.random(story.index, Stream.PEOPLE)
    number = int(np.clip(random.normal(1.5 + np.log2(company.seats), 1), _FEWEST, _MOST))
    persons: list[Person] = []
    for place in range(number):
        late = place >= _FEWEST and story.life.is_new
        since = story.life.begins + (int(random.integers(0, _JOIN_WITHIN)) if late else 0)
        persons.append(_person(random, company, place, min(since, portfolio.days - 1)))
    for day in np.nonzero(story.counts["Champion left"])[0]:
        for _ in range(story.counts["Champion left"][day]):
            _leave(random, portfolio, company, persons, int(day))
    return persons


def present(persons: list[Person], day: int) -> list[Person]:
    return [person for person in persons if person.since <= day < person.until]


def _leave(
    random: np.random.Generator, portfolio: Portfolio, company: Company, persons: list[Person], day: int
) -> None:
    there = present(persons, day)
    left = there[0]
    persons[persons.index(left)] = replace(left, until=day)
    # The last one is replaced on the spot: somebody is always there to act.
    since = day if len(there) == 1 else day + int(random.integers(3, 20))
    persons.append(_person(random, company, len(persons), min(since, portfolio.days - 1)))


def _person(random: np.random.Generator, company: Company, place: int, since: int) -> Person:
    given = str(random.choice(company.country.given))
    family = str(random.choice(company.country.family))
    return Person(
        user_id=f"{company.company_id}-{place + 1}",
        name=f"{given} {family}",
        email=f"{_ascii(given)}.{_ascii(family)}.{place + 1}@{company.domain}",
        title=names.TITLES[0] if place == 0 else str(random.choice(names.TITLES)),
        since=since,
    )


def _ascii(name: str) -> str:
    # These have no decomposition in Unicode, so NFKD would drop them.
    plain = name.lower().replace("ł", "l").replace("ø", "o").replace("ß", "ss")
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
