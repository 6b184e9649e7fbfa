"""The bell in the header of colleagues' pages: how many notices are unread."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.notices import reading


def bell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: offer the header its bell. One query or two, where the bell stands and nowhere else."""
    return {"bell": SimpleLazyObject(lambda: words(reading.unread(request.user)))}


def words(unread: int) -> dict[str, Any]:
    """Return what the bell says: the number as it is shown, "" for none, and the same for who does not see it."""
    if not unread:
        return {"number": "", "label": _("Notices")}
    if unread > reading.MANY:
        return {
            "number": f"{reading.MANY}+",
            "label": _("More than %(count)s unread notices") % {"count": reading.MANY},
        }
    label = ngettext("%(count)s unread notice", "%(count)s unread notices", unread)
    return {"number": str(unread), "label": label % {"count": unread}}
