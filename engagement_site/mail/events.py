"""The endpoint of the mail provider's webhooks: anymail checks and reads them, `surveys.sending.deliveries` takes them.

anymail would hand them to a Django signal; here its view is given our verb in the signal's place, so that what
happens can be read from top to bottom.
"""

from functools import cache
from typing import Any

from anymail.signals import AnymailTrackingEvent
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from surveys.sending import deliveries

FINAL = ("invalid", "bounced")  # why a bounce is one: the address, and not the day


class _Verb:
    """Stands where anymail's view expects its signal."""

    def send(self, sender: object, event: AnymailTrackingEvent, esp_name: str) -> None:
        deliveries.note(
            str(event.message_id or ""),
            event.event_type,
            is_final=event.reject_reason in FINAL,
            now=timezone.now(),
        )


@csrf_exempt
@login_not_required
def mail_events(request: HttpRequest, provider: str) -> HttpResponseBase:
    if not settings.MAIL_EVENTS_FROM or provider != settings.MAIL_EVENTS_FROM:
        raise Http404
    view = _view(provider)
    return view(request)


@cache
def _view(provider: str) -> Any:
    """Return anymail's view of a provider. Raises Http404 for one it does not know."""
    for path in (f"/{provider}/tracking/", f"/{provider}/"):
        try:
            view: Any = resolve(path, urlconf="engagement_site.mail.providers").func
        except Resolver404:
            continue
        ours: Any = type("MailEvents", (view.view_class,), {"signal": _Verb()})
        return ours.as_view()
    raise Http404
