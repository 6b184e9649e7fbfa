"""The customers behind a number: the query of the customer list that selects exactly those."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from desk.portfolio.figures import NO_CONTACT_DAYS

UNKNOWN, NOBODY, ANYBODY = "unknown", "none", "any"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Links:
    """Makes the queries; `own` are the filters of the page, `then` is the day before its period."""

    own: Mapping[str, str]
    then: date

    def within(self, group: Mapping[str, str]) -> "Links":
        """Return the links of one group of the table."""
        return Links({**self.own, **group}, self.then)

    @property
    def all_now(self) -> str:
        return self._query(followed=YES)

    @property
    def all_then(self) -> str:
        return self._past(then=ANYBODY)

    @property
    def at_risk(self) -> str:
        return self._query(at_risk="all")

    @property
    def not_contacted(self) -> str:
        return self._query(followed=YES, no_contact_for=str(NO_CONTACT_DAYS))

    @property
    def new(self) -> str:
        return self._past(then=NOBODY, followed=YES)

    @property
    def lost(self) -> str:
        return self._past(then=ANYBODY, followed=NO)

    @property
    def book(self) -> str:
        """Return everybody, those who left too: what a book is handed over from."""
        return self._query()

    def contacted(self, since: date) -> str:
        return self._query(followed=YES, contacted_since=since.isoformat())

    def band_now(self, band: str | None) -> str:
        return self._query(followed=YES, health=band or UNKNOWN)

    def band_then(self, band: str | None) -> str:
        return self._past(then=band or UNKNOWN)

    def flow(self, before: str | None, after: str | None) -> str:
        """Return who went from one band to another: "" for those who were not there, None for unknown."""
        then = NOBODY if before == "" else before or UNKNOWN
        if after == "":
            return self._past(then=then, followed=NO)
        return self._past(then=then, followed=YES, health=after or UNKNOWN)

    def _past(self, **more: str) -> str:
        return self._query(since=self.then.isoformat(), **more)

    def _query(self, **more: str) -> str:
        return urlencode({**self.own, **more})
