"""Everything about one customer of the made-up portfolio, as its messages and records are written from it."""

from dataclasses import dataclass
from typing import Self

from samples.portfolio import company, money, people
from samples.portfolio.company import Company
from samples.portfolio.money import State
from samples.portfolio.people import Person
from samples.portfolio.spec import Portfolio
from samples.portfolio.story import Story


@dataclass(frozen=True, slots=True)
class Chapter:
    portfolio: Portfolio
    company: Company
    story: Story
    people: list[Person]
    states: list[State]

    @classmethod
    def compose(cls, portfolio: Portfolio, story: Story) -> Self:
        """Add to a story whose it is: the company, its people and what it paid."""
        whose = company.company(portfolio, story.index)
        staff = people.people(portfolio, whose, story)
        return cls(portfolio, whose, story, staff, money.states(portfolio, whose, story))
