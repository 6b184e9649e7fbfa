"""The columns of the customer list: all of them, their orders, and the default ones.

Attributes with a definition are columns too. No index serves them, so they have no order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import AttributeDefinition, AttributeType
from customers.segments.attributes import OWN


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `desk.list.cells` writes its cells. `sort` is its order."""

    name: str
    label: Promise | str
    sort: str = ""
    descending_first: bool = False
    css: str = ""
    short: Promise | None = None  # the head, where the label is too long for it
    type: str = ""  # of an attribute (AttributeType)

    @property
    def head(self) -> Promise | str:
        return self.short or self.label

    @property
    def key(self) -> str:
        """The key of an attribute."""
        return self.name.removeprefix(OWN)

    @property
    def down(self) -> str:
        return f"-{self.sort}"

    @property
    def first(self) -> str:
        return self.down if self.descending_first else self.sort


ALL = (
    Column("stage", _("Stage")),
    Column("owner", _("Owner"), css="short"),
    Column("team", _("Team"), css="short"),
    Column("health", _("Health"), "health", css="wide"),
    Column("health_change_7", _("Health, 7 days"), "health_change_7", css="number", short=_("Health, 7 d")),
    Column("health_change_30", _("Health, 30 days"), "health_change_30", css="number", short=_("Health, 30 d")),
    Column("health_trend", _("Health, day by day"), short=_("Trend")),
    Column("coverage", _("Coverage of health"), css="number", short=_("Coverage")),
    Column("engagement", _("Engagement"), "engagement", css="wide"),
    Column(
        "engagement_change_7", _("Engagement, 7 days"), "engagement_change_7", css="number", short=_("Engagement, 7 d")
    ),
    Column(
        "engagement_change_30",
        _("Engagement, 30 days"),
        "engagement_change_30",
        css="number",
        short=_("Engagement, 30 d"),
    ),
    Column("engagement_trend", _("Engagement, day by day"), short=_("Trend")),
    Column("mrr", _("MRR"), "mrr", descending_first=True, css="number"),
    Column("monthly_value", _("Monthly value in the base currency"), css="number", short=_("Monthly value")),
    Column("plan", _("Plan"), css="short"),
    Column("seats", _("Seats"), css="number"),
    Column("last_active", _("Last active"), "last_active"),
    Column("last_contact", _("Last contact"), css="short"),
    Column("next_task", _("Next task due"), css="short", short=_("Next task")),
    Column("renewal", _("Renewal"), "renewal"),
    Column("industry", _("Industry"), css="short"),
    Column("country", _("Country"), css="short"),
    Column("domain", _("Domain"), css="short"),
    Column("tags", _("Tags")),
    Column("churned_on", _("Churned on")),
)
MRR_THEN = Column("mrr_then", _("MRR then"), css="number")  # not to be chosen: there while the list compares
BY_NAME = {column.name: column for column in ALL}
DEFAULT = (
    "owner", "health", "health_change_30", "engagement", "engagement_change_30", "engagement_trend", "mrr",
    "last_active", "renewal",
)  # fmt: skip
LOADED = frozenset({"last_contact", "next_task"})  # ask the database for a page of customers
TRENDS = frozenset({"health_trend", "engagement_trend"})


def chosen(names: Sequence[str], attributes: Iterable[Column] = ()) -> list[Column]:
    """Return the columns of these names, in the list's own order; the default ones for none."""
    return [column for column in (*ALL, *attributes) if column.name in (names or DEFAULT)]


def of_attributes(definitions: Iterable[AttributeDefinition]) -> list[Column]:
    return [Column(f"{OWN}{row.key}", row.label, css=_LOOKS.get(row.type, ""), type=row.type) for row in definitions]


_LOOKS: dict[str, str] = {AttributeType.NUMBER: "number", AttributeType.TEXT: "short", AttributeType.OPTION: "short"}
