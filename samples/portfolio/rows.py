"""A made-up customer as rows for the verbs that write customers, their inputs and their contracts."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from customers import inputs as log
from samples.portfolio import colleagues, money
from samples.portfolio.chapter import Chapter

Change = tuple[str, date, int | None, str | None]  # a row of the input log but for its customer

_NAMESPACE = uuid.UUID("6f1d2b1e-52f3-4d2b-9a55-0b5d3c1f7a10")  # any; the same contract has the same id


def customer(chapter: Chapter, owners: list[int], teams: Mapping[str, int]) -> dict[str, Any]:
    """Return the customer as it is after its last change, for `lifecycle.upsert`."""
    company, state = chapter.company, chapter.states[-1]
    return {
        "company_id": company.company_id,
        "name": company.name,
        "domain": company.domain,
        "stage": state.stage,
        "plan": state.plan,
        "seats": company.seats,
        "mrr": state.mrr,
        "currency": company.currency,
        "industry": company.industry,
        "country": company.country.name,
        "owner_id": None if company.owner is None else owners[company.owner],
        "second_owner_id": None if company.second_owner is None else owners[company.second_owner],
        "team_id": teams[colleagues.team_of(company.plan)],
        "tags": list(company.tags),
        "attributes": {"acquired by": company.acquired_by},
        "churned_on": None if chapter.story.left_on is None else chapter.portfolio.day(chapter.story.left_on),
    }


def inputs(chapter: Chapter) -> list[Change]:
    """Return stage, plan and revenue as they became known, change by change; the last day's is the present."""
    changes: list[Change] = []
    for state in chapter.states:
        day = chapter.portfolio.day(state.day)
        changes.append(("stage", day, None, state.stage))
        changes.append(("plan", day, None, state.plan))
        changes.append(("mrr", day, log.thousandths(state.mrr), chapter.company.currency))
    return changes


def contracts(chapter: Chapter, customer_id: int) -> Iterator[dict[str, Any]]:
    """Yield the contracts for `records.contracts.sign`; the same contract always has the same id."""
    for term in money.terms(chapter.portfolio, chapter.story, chapter.states):
        day = chapter.portfolio.day
        yield {
            # Made from the contract, so that loading again writes over it.
            "id": uuid.uuid5(_NAMESPACE, f"{chapter.company.company_id}-{term.number}"),
            "customer_id": customer_id,
            "name": f"{chapter.company.plan}, {day(term.starts_on).year}",
            "starts_on": day(term.starts_on),
            "renews_on": day(term.renews_on),
            "ends_on": None if term.ends_on is None else day(term.ends_on),
            "monthly_value": term.monthly_value,
            "currency": chapter.company.currency,
        }
