"""The columns of the customer list: all of them, their orders, and the default ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Column:
    """A column; its cell is `templates/desk/list/cells/<name>.html`. `sort` is its order."""

    name: str
    label: Promise
    sort: str = ""
    descending_first: bool = False
    css: str = ""
    short: Promise | None = None  # the head, where the label is too long for it

    @property
    def cell(self) -> str:
        return f"desk/list/cells/{self.name}.html"

    @property
    def head(self) -> Promise:
        return self.short or self.label

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
    Column("plan", _("Plan"), css="short"),
    Column("last_active", _("Last active"), "last_active"),
    Column("renewal", _("Renewal"), "renewal"),
    Column("industry", _("Industry"), css="short"),
    Column("country", _("Country"), css="short"),
    Column("tags", _("Tags")),
)
MRR_THEN = Column("mrr_then", _("MRR then"), css="number")  # not to be chosen: there while the list compares
BY_NAME = {column.name: column for column in ALL}
DEFAULT = (
    "owner", "health", "health_change_30", "engagement", "engagement_change_30", "engagement_trend", "mrr",
    "last_active", "renewal",
)  # fmt: skip


def chosen(names: Sequence[str]) -> list[Column]:
    """Return the columns of these names, in the list's own order; the default ones for none."""
    return [column for column in ALL if column.name in (names or DEFAULT)]
