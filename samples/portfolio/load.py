"""Load the made-up portfolio: colleagues, customers, people, contracts, events, scores."""

from collections.abc import Container, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.days import business_day, zone
from customers import inputs, lifecycle
from customers.models import Identity, IdentityKind
from events.models import Channel, Source
from records import contracts
from samples.loading import feed, finish, rates
from samples.loading.feed import Tally
from samples.loading.progress import Phases, Progress
from samples.portfolio import messages, names, rows, staff, to_do
from samples.portfolio.books import Books
from samples.portfolio.chapter import Chapter
from samples.portfolio.spec import Portfolio
from samples.portfolio.story import stories

NAME = "portfolio"
CUSTOMERS, DAYS, SEED = 400, 400, 1

Newcomer = tuple[dict[str, Any], list[rows.Change]]


def load(*, customers: int, days: int, seed: int, now: datetime, phases: Phases) -> Tally:
    """Load, or load on, and return what became of the events. Raises OutOfRange."""
    # Refuses numbers out of range before a source is written.
    Portfolio(customers, days, seed, business_day(now))
    source = _source(days, seed, now)
    portfolio = Portfolio(customers, days, seed, business_day(source.created_at), zone())
    _announce(portfolio, phases, again=finish.begin(NAME, now))
    _ensure_rates(phases)
    tally = Tally()
    with phases.phase("Colleagues and customers") as progress:
        ids = _customers(portfolio, now, progress)
    with phases.phase("People") as progress:
        _people(portfolio, source, now, progress)
    with phases.phase("Contracts") as progress:
        tally.beside["contracts, each with an event of its own"] = _contracts(portfolio, ids, source, now, progress)
    with phases.phase("Events") as progress:
        _events(portfolio, ids, source, tally, now, progress)
    tally.beside["tasks"] = to_do.ensure(ids, now=source.created_at)
    finish.score(phases, ids.values(), portfolio.first_day, portfolio.last_day, now)
    finish.finish(NAME, now)
    return tally


def _source(days: int, seed: int, now: datetime) -> Source:
    """Return the sample's source. Its day of creation stays the sample's last day: a load goes on as it began."""
    which = "" if (days, seed) == (DAYS, SEED) else f" (seed {seed}, {days} days)"
    made = {"kind": Source.Kind.SAMPLE, "channel": Channel.PRODUCT, "created_at": now}
    return Source.objects.get_or_create(name=f"Sample: {NAME}{which}", defaults=made)[0]


def _announce(portfolio: Portfolio, phases: Phases, *, again: bool) -> None:
    span = f"{portfolio.first_day} to {portfolio.last_day}"
    phases.out.write(f"A made-up portfolio: {portfolio.customers:,} customers, {span}, seed {portfolio.seed}.")
    if again:
        phases.out.write("It was loaded before: only what is missing is stored.")


def _ensure_rates(phases: Phases) -> None:
    for currency in rates.ensure(country.currency for country in names.COUNTRIES):
        phases.out.write(f"There is no rate for {currency}: amounts in it stay unknown.")


def _chapters(portfolio: Portfolio, progress: Progress | None = None) -> Iterator[Chapter]:
    """Yield one customer after the other. Generated again for each phase, which is cheaper than keeping them all."""
    for story in stories(portfolio):
        yield Chapter.compose(portfolio, story)
        if progress:
            progress(story.index + 1, portfolio.customers)


def _customers(portfolio: Portfolio, now: datetime, progress: Progress) -> dict[str, int]:
    """Create the customers that are missing, each with its inputs' whole past; return company id → customer.

    Those that stand are left as they are: staff may have changed them.
    """
    ids = _standing(portfolio)
    waiting = _newcomers(portfolio, ids)
    done, total = 0, sum(map(len, waiting.values()))
    for day, newcomers in sorted(waiting.items()):
        with transaction.atomic():
            made = lifecycle.upsert([row for row, _ in newcomers], now=now, known_on=day)
            # In the upsert's transaction: killed between the two, the next load would skip customers without a past.
            inputs.log((made[row["company_id"]], *change) for row, changes in newcomers for change in changes)
        ids |= made
        done += len(newcomers)
        progress(done, total)
    return ids


def _newcomers(portfolio: Portfolio, standing: Container[str]) -> dict[date, list[Newcomer]]:
    """Return the customers to create by the day of their last change: what is true now is known since then."""
    owners, teams = staff.ensure()
    newcomers: dict[date, list[Newcomer]] = {}
    for chapter in _chapters(portfolio):
        if chapter.company.company_id not in standing:
            changes = rows.inputs(chapter)
            last = max(day for _, day, _, _ in changes)
            newcomers.setdefault(last, []).append((rows.customer(chapter, owners, teams), changes))
    return newcomers


def _standing(portfolio: Portfolio) -> dict[str, int]:
    known = Identity.objects.filter(kind=IdentityKind.COMPANY, value__startswith=f"{portfolio.key}-")
    company_ids = {f"{portfolio.key}-{index:05}" for index in range(portfolio.customers)}
    return {value: pk for value, pk in known.values_list("value", "customer_id") if value in company_ids}


def _people(portfolio: Portfolio, source: Source, now: datetime, progress: Progress) -> None:
    people = (message for chapter in _chapters(portfolio, progress) for message in messages.introductions(chapter))
    feed.feed(people, Tally(), source=source, now=now)


def _contracts(portfolio: Portfolio, ids: dict[str, int], source: Source, now: datetime, progress: Progress) -> int:
    """Sign the contracts; return how many there are. One that stands is written over, its event stays one."""
    signed, waiting = 0, list[dict[str, Any]]()
    for chapter in _chapters(portfolio, progress):
        waiting += rows.contracts(chapter, ids[chapter.company.company_id])
        if len(waiting) >= feed.BATCH or chapter.story.index == portfolio.customers - 1:
            contracts.sign(waiting, source=source, now=now, history=True)
            signed, waiting = signed + len(waiting), []
    return signed


def _events(
    portfolio: Portfolio, ids: dict[str, int], source: Source, tally: Tally, now: datetime, progress: Progress
) -> None:
    """Send the events; invoices, tickets and notes become rows, whose verbs write theirs."""
    owners, _teams = staff.ensure()
    books = Books(owners, tally, source=source, now=now, first=portfolio.first_day)

    def events_to_send(chapter: Chapter) -> Iterator[feed.Message]:
        happened = feed.until(source.created_at, messages.events(chapter), tally)
        return books.sift(chapter, ids[chapter.company.company_id], happened)

    everything = (message for chapter in _chapters(portfolio, progress) for message in events_to_send(chapter))
    feed.feed(everything, tally, source=source, now=now)
    books.write()
