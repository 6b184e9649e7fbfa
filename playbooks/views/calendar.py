"""A colleague's own calendar feed: the page on which it is made and ended, and the feed itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from playbooks.calendar import feeds
from playbooks.models import CalendarFeed
from playbooks.views.shared import ask_or_save
from staff.requests import StaffRequest
from surveys.views.public.decorators import dead_link, public


@never_cache
@ask_or_save
def own_calendar(request: StaffRequest) -> HttpResponseBase:
    """Show whether there is a feed; make one, whose address is shown this once, or end it."""
    address = ""
    if "make" in request.POST:
        address = feeds.address(feeds.make(request.user, now=timezone.now()))
    elif "end" in request.POST:
        feeds.end(request.user)
        messages.success(request, _("The calendar’s address works no more."))
        return redirect("playbooks:calendar")
    feed = CalendarFeed.objects.filter(user=request.user).first()
    return render(request, "playbooks/calendar.html", {"feed": feed, "address": address})


@public("GET", "HEAD", counted_as="calendar")
def calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """Answer with the calendar of whoever made this address; a wrong one is as any address that leads nowhere."""
    user = feeds.reader(token)
    if user is None:
        return dead_link()
    body = feeds.written(user, now=timezone.now())
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")
