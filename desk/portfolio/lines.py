"""The portfolio's figures one below the other, as its file and the API give them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from desk.portfolio.figures import Amount
from desk.portfolio.page import Portfolio


class Line(NamedTuple):
    """One figure: of what (`what`, `name`), on which day, and the query of the customer list behind it."""

    what: str
    name: str
    customers: int | None
    revenue: Decimal | None  # a month, in BASE_CURRENCY
    unknown: int | None  # of the customers; they are in no sum
    query: str = ""
    health: Decimal | None = None  # the mean of those whose health is known, 0 to 100


def lines(portfolio: Portfolio) -> Iterator[Line]:
    """Yield every figure; those of then only when that day is made."""
    figures, links = portfolio.figures, portfolio.links
    yield _line("total", "today", figures.now(), links.all_now, figures.mean_health)
    yield _line("at_risk", "today", figures.at_risk, links.at_risk)
    yield _line("not_contacted", "30", figures.not_contacted, links.not_contacted)
    for row in portfolio.bands:
        yield _line("band_today", row.band or "unknown", row.now.amount, row.now.query)
    if portfolio.is_compared:
        yield from _then(portfolio)
    for group in portfolio.groups:
        of, to = group.figures, group.links
        yield _line("group", group.label, of.now(), to.all_now, of.mean_health)
        yield _line("group_at_risk", group.label, of.at_risk, to.at_risk)
        yield _line("group_not_contacted", group.label, of.not_contacted, to.not_contacted)
        if portfolio.is_compared:
            yield _line("group_new", group.label, of.new, to.new)
            yield _line("group_lost", group.label, of.lost, to.lost)
        yield Line("group_overdue_tasks", group.label, group.overdue_tasks, None, None)
    yield from _renewals(portfolio)
    for kind, count in sorted(portfolio.contacts.by_kind.items()):
        yield Line("contacts", kind, count, None, None)
    for purpose, count in portfolio.contacts.by_purpose.items():
        yield Line("contacts_for", purpose, count, None, None)
    yield Line("contacted", "customers", portfolio.contacts.customers, None, None, portfolio.contacted_query)
    yield Line("overdue_tasks", "today", portfolio.overdue_tasks, None, None)


def _then(portfolio: Portfolio) -> Iterator[Line]:
    figures, links = portfolio.figures, portfolio.links
    yield _line("total", links.then.isoformat(), figures.then(), links.all_then)
    yield _line("new", "", figures.new, links.new)
    yield _line("lost", "", figures.lost, links.lost)
    yield Line("change_of_kept", "", None, figures.change_of_kept, None)
    for row in portfolio.bands:
        yield _line("band_then", row.band or "unknown", row.then.amount, row.then.query)
    for flow, query in portfolio.flows:
        before, after = ("none" if band == "" else band or "unknown" for band in (flow.before, flow.after))
        # Who came has paid nothing then, and who left pays nothing today.
        if flow.before != "":
            yield _line("moved_paid_then", f"{before} > {after}", flow.then, query)
        if flow.after != "":
            yield _line("moved_pay_today", f"{before} > {after}", flow.now, query)


def _renewals(portfolio: Portfolio) -> Iterator[Line]:
    for month in portfolio.months:
        for band, amount in month.by_band.items():
            yield _line("renewals", f"{month.name} {band or 'unknown'}", amount, "")
        for category, amount in month.forecasts.items():
            yield _line("forecast", f"{month.name} {category}", amount, "")


def _line(what: str, name: str, amount: Amount, query: str, hundredths: Decimal | None = None) -> Line:
    return Line(what, name, *amount, query, None if hundredths is None else round(hundredths / 100, 2))
