"""How the portfolio writes its numbers: each leads to the customers behind it."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from babel import dates
from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.templatetags.show import NOTHING, calendar, money, number, signed_number
from desk.portfolio.figures import Amount
from records.models import RenewalForecast

register = template.Library()

SHARE_WORDS = {"engaged": _("Engaged"), "somewhat": _("Somewhat engaged"), "disengaged": _("Disengaged")}

PURPOSE_WORDS = {
    "service": _("for service"),
    "selling": _("for selling"),
    "unsaid": _("not said what for"),
}


@register.simple_tag
def customers_link(count: int, query: str) -> str | SafeString:
    """Write a number of customers as a link to them; nobody needs no list."""
    if not count:
        return number(count)
    return format_html('<a href="{}?{}">{}</a>', reverse("desk:customers"), query, number(count))


@register.simple_tag
def tasks_link(count: int, query: str) -> str | SafeString:
    """Write a number of overdue tasks as a link to them."""
    if not count:
        return number(count)
    return format_html('<a href="{}?{}">{}</a>', reverse("desk:overdue-tasks"), query, number(count))


@register.simple_tag
def renewals_link(amount: Amount, query: str, month: str, *, band: str = "", forecast: str = "") -> str | SafeString:
    """Write a number of renewals as a link to them."""
    if not amount.customers:
        return number(0)
    more = {name: value for name, value in (("month", month), ("band", band), ("forecast", forecast)) if value}
    address = f"{reverse('desk:renewals')}?{query}{'&' if query else ''}{urlencode(more)}"
    return format_html('<a href="{}">{}</a>', address, number(amount.customers))


@register.filter
def revenue(amount: Amount) -> str:
    """Say what customers pay a month; "–" when it is unknown of all of them."""
    return NOTHING if amount.customers and amount.unknown == amount.customers else money(amount.revenue)


@register.filter
def signed_money(amount: Decimal) -> str:
    return f"+{money(amount)}" if amount > 0 else money(amount)


@register.filter
def less(now: int, then: int) -> str:
    """Say how many more or fewer there are than then."""
    return signed_number(now - then)


@register.filter
def month(first: date) -> str:
    return dates.format_skeleton("yMMM", first, locale=calendar())


@register.filter
def category_word(category: str) -> str:
    return str(RenewalForecast.Category(category).label)


@register.filter
def purpose_word(purpose: str) -> str:
    """Say what contacts were for, as words that follow their number."""
    return str(PURPOSE_WORDS[purpose])


@register.filter
def share_word(share: str) -> str:
    return str(SHARE_WORDS[share])


# Tone and dashes beside the word: no line is told from another by its colour alone.
SHARE_LOOKS = {"engaged": ("success", "none"), "somewhat": ("warning", "6 3"), "disengaged": ("danger", "2 3")}


@register.filter
def share_tone(share: str) -> str:
    return SHARE_LOOKS[share][0]


@register.filter
def share_dash(share: str) -> str:
    return SHARE_LOOKS[share][1]
