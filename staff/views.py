from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staff.forms import TimeZoneForm
from staff.models import User
from staff.requests import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
def time_zone(request: StaffRequest) -> HttpResponse:
    """Show in which zone somebody reads times, and take another one; whoever may sign in may."""
    form = TimeZoneForm(request.POST or None, initial={"time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        User.objects.filter(pk=request.user.pk).update(time_zone=form.cleaned_data["time_zone"])
        messages.success(request, _("Your time zone is saved."))
        return redirect("staff:time-zone")
    return render(request, "staff/time_zone.html", {"form": form}, status=400 if form.errors else 200)
