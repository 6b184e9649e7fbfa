"""Filters that write values on pages in the reader's language, with "–" for None."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel import Locale, dates, numbers
from django import template
from django.conf import settings
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import get_language, gettext, ngettext, to_locale

from core.days import business_day

register = template.Library()

NOTHING = "–"
_HUNDRED = Decimal(100)


def locale() -> Locale:
    return _locale(get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse(to_locale(language))


@lru_cache(maxsize=4096)
def _whole_number(value: int, language: str) -> str:
    """Write a whole number as a language does: a list writes the same few hundred over and over."""
    return numbers.format_decimal(value, locale=_locale(language))


def _integer(value: int) -> str:
    return _whole_number(value, get_language() or settings.LANGUAGE_CODE)


def calendar() -> Locale:
    """Return the formats of days and times: in English day first and on the 24-hour clock, which cannot be misread."""
    spoken = locale()
    # en-150 is English in Europe.
    return Locale("en", "150") if spoken.language == "en" else spoken


def _signed(text: str) -> str:
    """Write a minus as a minus: a hyphen is narrower than a figure and breaks at line ends."""
    return text.replace("-", "−")


@register.filter
def whole(hundredths: int | None) -> str:
    """Say a score in whole points, rounded down: a number never looks better than the band beside it."""
    if hundredths is None:
        return NOTHING
    return _signed(_integer(int(hundredths) // 100))


@register.filter
def exact(hundredths: int | None) -> str:
    """Say hundredths with two decimals, so that a reader can add them up."""
    if hundredths is None:
        return NOTHING
    return two_decimals(Decimal(hundredths) / _HUNDRED)


@register.filter
def signed(hundredths: int) -> str:
    """Say a change in whole points with its sign; what is smaller than one point is ±0."""
    # Towards zero, unlike `whole`: a change of −0.4 is no loss of a point.
    points = int(abs(hundredths)) // 100
    if not points:
        return "±0"
    return ("+" if hundredths > 0 else "−") + _integer(points)


@register.filter
def signed_number(value: int) -> str:
    """Say how many more or fewer there are."""
    return ("+" if value > 0 else "−" if value < 0 else "±") + _integer(abs(value))


@register.filter
def direction(hundredths: int) -> str:
    """Name the way of a change of at least one point: up, down or flat."""
    return "up" if hundredths >= _HUNDRED else "down" if hundredths <= -_HUNDRED else "flat"


@register.filter
def signed_exact(hundredths: int) -> str:
    """Say a difference with its sign, with two decimals, so that a reader can add it up."""
    return f"+{exact(hundredths)}" if hundredths > 0 else exact(hundredths)


@register.filter
def two_decimals(value: Decimal) -> str:
    return _signed(numbers.format_decimal(value, format="#,##0.00", locale=locale()))


@register.filter
def number(value: int | Decimal | None) -> str:
    if value is None:
        return NOTHING
    return _signed(_integer(value) if isinstance(value, int) else numbers.format_decimal(value, locale=locale()))


@register.filter
def percent(hundredths: int | None) -> str:
    """Say hundredths of a per cent as whole per cents, rounded down."""
    if hundredths is None:
        return NOTHING
    return numbers.format_percent(Decimal(hundredths // 100) / _HUNDRED, locale=locale())


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """Say an amount in whole units of its currency (BASE_CURRENCY when none is given)."""
    if amount is None:
        return NOTHING
    spoken = locale()
    # Babel has no format without cents but by its pattern.
    pattern = spoken.currency_formats["standard"].pattern.replace("0.00", "0")
    return _signed(
        numbers.format_currency(
            amount, currency or settings.BASE_CURRENCY, format=pattern, locale=spoken, currency_digits=False
        )
    )


@register.filter
def day(value: date | None) -> str:
    return NOTHING if value is None else dates.format_date(_day(value), "medium", locale=calendar())


@register.filter
def day_and_month(value: date) -> str:
    """Say a day that lies so near that its year is understood."""
    return dates.format_skeleton("MMMd", _day(value), locale=calendar())


@register.filter
def long_day(value: date) -> str:
    return dates.format_date(_day(value), "full", locale=calendar())


@register.filter
def weekday(value: date) -> str:
    """Say a day that is near: its weekday, day and month."""
    return dates.format_skeleton("MMMEd", _day(value), locale=calendar())


@register.simple_tag
def company_time_zone() -> str:
    """Return the name of the zone whose days are counted, and which files without a zone are read in."""
    return str(settings.BUSINESS_TIME_ZONE)


@register.filter
def time_of_day(value: datetime) -> str:
    """Say the time in the reader's zone."""
    return dates.format_time(value, "short", tzinfo=get_current_timezone(), locale=calendar())


@register.filter
def day_if_not(value: datetime, of: date) -> str:
    """Say the day of an instant in the reader's zone where it is another one there; else nothing."""
    own = localdate(value)
    return "" if own == of else day_and_month(own)


@register.filter
def moment(value: datetime) -> str:
    """Say an instant in the reader's zone."""
    return f"{day(localdate(value))}, {time_of_day(value)}"


@register.filter
def ago(instant: datetime, now: datetime) -> str:
    """Say how long ago an instant was, in the largest unit that fits, from minutes on."""
    passed = min(instant - now, timedelta(minutes=-1))
    return dates.format_timedelta(passed, granularity="minute", add_direction=True, locale=locale())


@register.filter
def days_ago(value: date | None, today: date) -> str:
    """Say how long ago a day of the company was, in days."""
    if value is None:
        return NOTHING
    days = (today - _day(value)).days
    if days <= 0:
        return gettext("today")
    if days == 1:
        return gettext("yesterday")
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": number(days)}


@register.filter
def days_ahead(value: date, today: date) -> str:
    """Say how far ahead a day of the company is, in days; one that has passed, how long ago it was."""
    days = (value - today).days
    if days <= 0:
        return days_ago(value, today)
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": number(days)}


@register.filter
def near_day(value: date, today: date) -> str:
    """Say a day of the company as one speaks of days nearby: today, tomorrow, Friday, else day and month."""
    ahead = (value - today).days
    if ahead in (0, 1):
        return gettext("today") if ahead == 0 else gettext("tomorrow")
    if 1 < ahead < 7:
        return dates.format_date(value, "EEE", locale=calendar())
    return day_and_month(value)


def _day(value: date) -> date:
    """Return the day of the company that an instant is on; a day is itself."""
    return business_day(value) if isinstance(value, datetime) else value
