"""Taking an event type into a draft with one click."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.web.back import back_to
from events.models import EventType
from scoring.model_versions import weighing
from scoring.model_versions.weighing import Worth
from staff.requests import StaffRequest, for_admins


@require_POST
@for_admins
def weigh(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Take a type in, worth what the pressed button says, and go back to the page with the buttons."""
    event_type = get_object_or_404(EventType.objects.offered(), pk=pk)
    back = back_to(request, reverse("scoring:models"))
    worth = request.POST.get("worth", "")
    # Only a made-up request can name another: no message is due.
    if worth in Worth.values:
        try:
            weighing.take_in(event_type, Worth(worth), now=timezone.now())
        except weighing.NothingPublished:
            messages.error(request, _("Publish a model for all customers first."))
    return redirect(f"{back}#not-weighed")
