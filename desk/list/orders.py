"""The orders of the customer list: their words, and by which index each pages."""

from django.utils.translation import gettext_lazy as _

from core.pagination import Column, Keyset, KnownFirst, Order

ORDER_WORDS = {
    "name": _("Name, A to Z"),
    "-name": _("Name, Z to A"),
    "health": _("Health, lowest first"),
    "-health": _("Health, highest first"),
    "health_change_7": _("Health, biggest drops in 7 days"),
    "-health_change_7": _("Health, biggest rises in 7 days"),
    "health_change_30": _("Health, biggest drops in 30 days"),
    "-health_change_30": _("Health, biggest rises in 30 days"),
    "engagement": _("Engagement, lowest first"),
    "-engagement": _("Engagement, highest first"),
    "engagement_change_7": _("Engagement, biggest drops in 7 days"),
    "-engagement_change_7": _("Engagement, biggest rises in 7 days"),
    "engagement_change_30": _("Engagement, biggest drops in 30 days"),
    "-engagement_change_30": _("Engagement, biggest rises in 30 days"),
    "mrr": _("MRR, lowest first"),
    "-mrr": _("MRR, highest first"),
    "renewal": _("Renewal, soonest first"),
    "-renewal": _("Renewal, latest first"),
    "last_active": _("Last active, longest ago first"),
    "-last_active": _("Last active, most recent first"),
}
# order → the column of the current score that it goes by, where they are not called the same
_COLUMNS = {"mrr": "monthly_value", "renewal": "renews_on", "last_active": "last_active_on"}


def _order(word: str) -> Order:
    name, descending = word.removeprefix("-"), word.startswith("-")
    if name == "name":
        # Both columns in one direction, so that one index serves both orders.
        return Keyset((Column("name", descending), Column("pk", descending)))
    # Scores may be missing: decision 8 says why this takes two queries.
    return KnownFirst(f"score__{_COLUMNS.get(name, name)}", descending)


ORDERS = {word: _order(word) for word in ORDER_WORDS}
