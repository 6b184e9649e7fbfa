"""Which traits of companies are fields of customers, and whose word a field follows: built in, and as admins say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from customers.models import CustomerField, FieldOrigin, FieldSource, FieldTrait

BUILT_IN: Mapping[str, str] = {
    "name": CustomerField.NAME,
    "domain": CustomerField.DOMAIN,
    "website": CustomerField.DOMAIN,
    "plan": CustomerField.PLAN,
    "seats": CustomerField.SEATS,
    "employees": CustomerField.SEATS,
    "num_employees": CustomerField.SEATS,
    "mrr": CustomerField.MRR,
    "monthly_revenue": CustomerField.MRR,
    "currency": CustomerField.CURRENCY,
    "industry": CustomerField.INDUSTRY,
    "country": CustomerField.COUNTRY,
    "address.country": CustomerField.COUNTRY,
}
# Staff and files over server keys over browser keys. An API key is given out by an admin and says what another
# system knows, as a file does. What was set before origins were kept came by calls, or its time is not known.
_RANKS = {
    FieldOrigin.STAFF: 2, FieldOrigin.FILE: 2, FieldOrigin.API: 2, FieldOrigin.SERVER: 1, "": 1, FieldOrigin.BROWSER: 0,
}  # fmt: skip
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Rules:
    """`traits`: trait → field, first those that decide when several mean one field. `sources`: field → whose word."""

    traits: Mapping[str, str]
    sources: Mapping[str, str]

    @classmethod
    def extended(cls, traits: Iterable[tuple[str, str]], sources: Iterable[tuple[str, str]]) -> Self:
        """Return the built-in rules with what admins say: (trait, field) and (field, origin)."""
        known = {trait: field for trait, field in {**BUILT_IN, **dict(traits)}.items() if field}
        # The one that is called as its field, then by alphabet: the same for every call.
        ordered = sorted(known.items(), key=lambda pair: (pair[0] != pair[1], pair[0]))
        return cls(dict(ordered), dict(sources))

    @classmethod
    def load(cls) -> Self:
        """Read them. Two queries."""
        return cls.extended(
            FieldTrait.objects.values_list("trait", "field"), FieldSource.objects.values_list("field", "origin")
        )

    @classmethod
    def of_sources(cls) -> Self:
        """Read whose word fields follow, for writers that know no traits. One query."""
        return cls({}, dict(FieldSource.objects.values_list("field", "origin")))

    def source(self, field: str) -> str | None:
        """Return whose word the field follows, if an admin has said so. A currency goes with its amount."""
        return self.sources.get(CustomerField.MRR if field == CustomerField.CURRENCY else field)

    def rank(self, field: str, origin: str) -> int:
        """Return how much a source's word counts for a field; the higher one wins whenever it was said."""
        return _NAMED if origin == self.source(field) else _RANKS[origin]


USUAL = Rules({}, {})  # whose word counts more where no admin has said anything
