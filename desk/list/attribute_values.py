"""Values of attributes as their definitions mean them, as conditions of segments do: what does not fit is unknown."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.templatetags.show import NOTHING, day, number
from customers.models import AttributeType
from customers.segments.attributes import DAY, NUMBER

LONGEST = 80  # characters of a cell


def meant(value: Any, kind: str) -> Any:
    """Return the number, day, truth or text that a value is; None where it does not fit the type."""
    if value is None or value == "" or isinstance(value, dict | list):
        return None
    text = json.dumps(value) if isinstance(value, bool) else str(value)
    if kind == AttributeType.NUMBER:
        return Decimal(text) if re.search(NUMBER, text) else None
    if kind == AttributeType.DAY:
        return _day(text)
    if kind == AttributeType.YES_NO:
        return text.lower() == "true" if text.lower() in ("true", "false") else None
    return text


def wording(value: Any, kind: str) -> str:
    """Write a value in the reader's language, cut to the length of a cell."""
    known = meant(value, kind)
    if known is None:
        return NOTHING
    if kind == AttributeType.NUMBER:
        return number(known)
    if kind == AttributeType.DAY:
        return day(known)
    if kind == AttributeType.YES_NO:
        return _("Yes") if known else _("No")
    text = str(known)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if re.search(DAY, text) else None
    except ValueError:
        return None
