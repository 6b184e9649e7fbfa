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
        """Add to a story its company, the company's people and what it paid."""
        own_company = company.company(portfolio, story.index)
        staff = people.people(portfolio, own_company, story)
        return cls(portfolio, own_company, story, staff, money.states(portfolio, own_company, story))
