"""What the portfolio shows: page, file and API are written from this alone."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from desk.portfolio import contacts, figures, groups, renewals, shares
from desk.portfolio.contacts import ContactsMade
from desk.portfolio.figures import BANDS, Amount, Figures, Flow
from desk.portfolio.filters import PortfolioFilter
from desk.portfolio.groups import Group
from desk.portfolio.links import Links
from desk.portfolio.renewals import Month
from desk.portfolio.shares import Point
from scoring.models import PastDay
from scoring.runs import past_days
from staff.models import User


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: its amount, the query of its customers, and where it lies, in hundredths of the longer bar."""

    amount: Amount
    query: str
    start: float
    whole: Decimal

    @property
    def width(self) -> float:
        return round(float(100 * self.amount.revenue / self.whole), 2) if self.whole else 0.0

    @property
    def place(self) -> dict[str, str]:
        """As text: a template would write a decimal comma in French."""
        return {"x": f"{self.start:.2f}", "width": f"{self.width:.2f}"}


@dataclass(frozen=True, slots=True)
class BandRow:
    band: str | None
    now: Part
    then: Part


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The figures of the customers that a filter leaves; what compares waits for `is_compared`."""

    first_day: date
    past_day: PastDay | None  # the day before
    figures: Figures
    links: Links
    groups: list[Group]
    months: list[Month]
    contacts: ContactsMade
    overdue_tasks: int

    @property
    def is_compared(self) -> bool:
        return self.past_day is not None

    @property
    def bands(self) -> list[BandRow]:
        """Each band now and then, the worst first, unknown last."""
        now, then, links = self.figures.now(), self.figures.then(), self.links
        whole = max(now.revenue, then.revenue)
        rows, across_now, across_then = [], 0.0, 0.0
        for band in BANDS:
            row = BandRow(
                band,
                now=Part(self.figures.band_now(band), links.band_now(band), across_now, whole),
                then=Part(self.figures.band_then(band), links.band_then(band), across_then, whole),
            )
            rows.append(row)
            across_now, across_then = across_now + row.now.width, across_then + row.then.width
        return rows

    @property
    def flows(self) -> list[tuple[Flow, str]]:
        """What moved between bands, each with the query of its customers."""
        flows = self.figures.flows if self.is_compared else []
        return [(flow, self.links.flow(flow.before, flow.after)) for flow in flows]

    @property
    def contacted_query(self) -> str:
        return self.links.contacted(self.first_day)


def visible(user: User) -> CustomerQuerySet:
    return Customer.objects.visible_to(user).known()


def load(filterset: PortfolioFilter, today: date) -> Portfolio:
    """Load the figures. Ten queries at most, two more for each segment of a table by segment."""
    first_day = filterset.first_day(today)
    then = past_days.PERIODS[filterset.chosen_period](today)
    past_day = past_days.find(then)
    made = past_day if past_day is not None and past_day.made_at is not None else None
    links = Links(filterset.customers_query, then)
    loaded = figures.load(filterset.qs, made, today, **groups.split(filterset.split))
    late = groups.overdue_tasks(filterset, today)
    return Portfolio(
        first_day=first_day,
        past_day=made,
        figures=loaded,
        links=links,
        groups=groups.groups(filterset, loaded, late, links, made, today),
        months=renewals.by_month(filterset.qs, today),
        contacts=contacts.count(filterset.qs, first_day),
        overdue_tasks=sum(late.values()),
    )


def load_shares(
    filterset: PortfolioFilter, user: User, today: date, *, however_many: bool = False
) -> list[Point] | None:
    """Return the shares over time; None for more customers than a page adds up itself. Two queries at most.

    What was added up beforehand is of all customers, so a colleague who sees only some is shown their own.
    """
    if not user.is_limited and not filterset.is_narrowing:
        return shares.of_all(today)
    customers = filterset.qs
    if not however_many and customers.order_by()[: shares.MOST + 1].count() > shares.MOST:
        return None
    return shares.of_some(customers, today)
