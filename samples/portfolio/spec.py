"""Parameters of a made-up portfolio: how many customers, how many days, which seed, and its last day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import IntEnum

import numpy as np

MOST_CUSTOMERS = 50_000
LEAST_DAYS, MOST_DAYS = 60, 1_000
LARGEST_SEED = 999_999


class OutOfRange(ValueError):
    """A number that no portfolio can be made of; the message says which are allowed."""


class Stream(IntEnum):
    """Independent random numbers for each part of a customer's story: changing one part leaves the others."""

    COMPANY = 1
    LIFE = 2
    HABITS = 3
    BILLING = 4
    TICKETS = 5
    CHURN = 6
    PEOPLE = 7
    MONEY = 8
    MAIL = 9
    ORDERS = 10
    MESSAGES = 11


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Days are counted from 0, the first, to `days` − 1, which is `last_day`. Raises OutOfRange."""

    customers: int
    days: int
    seed: int
    last_day: date
    zone: tzinfo = UTC  # whose days these are

    def __post_init__(self) -> None:
        _within("customers", self.customers, 1, MOST_CUSTOMERS)
        _within("days", self.days, LEAST_DAYS, MOST_DAYS)
        _within("seed", self.seed, 0, LARGEST_SEED)

    @property
    def first_day(self) -> date:
        return self.last_day - timedelta(days=self.days - 1)

    @property
    def key(self) -> str:
        """Return the common prefix of the customers' ids; it does not depend on the number of customers."""
        return f"made-up-{self.seed}-{self.days}"

    def day(self, number: int) -> date:
        return self.first_day + timedelta(days=number)

    def moment(self, number: int, second: int) -> datetime:
        """Return the instant, in UTC, at which the clocks of the portfolio's zone show a second of a day."""
        midnight = datetime.combine(self.day(number), time(), self.zone)
        return (midnight + timedelta(seconds=second)).astimezone(UTC)

    def random(self, index: int, stream: Stream) -> np.random.Generator:
        # Seeded by the customer as well: each is the same whichever others are made.
        return np.random.default_rng([self.seed, index, stream.value])


def _within(name: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise OutOfRange(f"--{name} must be from {least:,} to {most:,}; {number:,} was given.")
