"""A made-up customer's company: name, country, trade, plan, price, and which colleagues look after it."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from samples.portfolio import colleagues, names
from samples.portfolio.names import Country
from samples.portfolio.spec import Portfolio, Stream

# Share of customers, seats from and to, price of a seat a month in the customer's own currency.
PLANS = {
    "Starter": (0.30, 3, 10, 18),
    "Team": (0.40, 10, 40, 24),
    "Business": (0.22, 40, 150, 30),
    "Enterprise": (0.08, 150, 800, 36),
}
_TAGS = (("reference", 0.06), ("beta tester", 0.08), ("partner", 0.05), ("strategic", 0.07))
_CHANNELS = ("Search", "Partner", "Trade fair", "Recommendation", "Campaign")
_UNOWNED_SHARE, _SECOND_OWNER_SHARE = 0.03, 0.12


@dataclass(frozen=True, slots=True)
class Company:
    """`mrr` is what it pays a month at first, in `currency`. Owners are places in `colleagues.CSMS`."""

    company_id: str
    name: str
    domain: str
    country: Country
    industry: str
    plan: str
    seats: int
    mrr: Decimal
    owner: int | None
    second_owner: int | None
    tags: tuple[str, ...]
    acquired_by: str

    @property
    def currency(self) -> str:
        return self.country.currency


def company(portfolio: Portfolio, index: int) -> Company:
    """Return the company of a customer; always the same for the same seed and index."""
    random = portfolio.random(index, Stream.COMPANY)
    country = _pick_country(random)
    industry = str(random.choice(list(names.INDUSTRIES)))
    trade = str(random.choice(names.INDUSTRIES[industry]))
    name = _name(portfolio.seed, index)
    plan = str(random.choice(list(PLANS), p=[share for share, *_ in PLANS.values()]))
    _, fewest, most, price = PLANS[plan]
    seats = int(random.integers(fewest, most))
    owner, second = (int(number) for number in random.choice(len(colleagues.CSMS), 2, replace=False))
    return Company(
        company_id=f"{portfolio.key}-{index:05}",
        name=f"{name} {trade} {country.form}",
        # .example is reserved (RFC 2606): no mail of a sample can reach anybody.
        domain=f"{name}-{trade}.example".lower().replace(" ", "-"),
        country=country,
        industry=industry,
        plan=plan,
        seats=seats,
        mrr=Decimal(round(seats * price * random.uniform(0.75, 1.05))),
        owner=None if random.random() < _UNOWNED_SHARE else owner,
        second_owner=second if random.random() < _SECOND_OWNER_SHARE else None,
        tags=tuple(tag for tag, share in _TAGS if random.random() < share),
        acquired_by=str(random.choice(_CHANNELS)),
    )


def _pick_country(random: np.random.Generator) -> Country:
    shares = np.array([country.share for country in names.COUNTRIES])
    return names.COUNTRIES[int(random.choice(len(shares), p=shares / shares.sum()))]


def _name(seed: int, index: int) -> str:
    """Return the index-th of all names in an order of the seed's own; none twice before all were used."""
    everything = len(names.BEGINNINGS) * len(names.ENDINGS)
    turn, number = divmod(index, everything)
    place = (number * 2_633 + seed * 1_409) % everything  # 2,633 is prime: every place comes once
    beginning, ending = divmod(place, len(names.ENDINGS))
    name = names.BEGINNINGS[beginning] + names.ENDINGS[ending]
    return f"{name} {turn + 1}" if turn else name
