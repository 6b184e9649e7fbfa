from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staff import own_time_zone
from staff.forms import SignInForm, TimeZoneForm
from staff.models import User
from staff.requests import StaffRequest


class SignIn(LoginView):
    """The one sign-in page for colleagues, the Django admin included."""

    template_name = "staff/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = False  # the admin sends colleagues without access here; a redirect back would loop

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        # No field of the form: what a browser says of itself must not keep anybody out.
        own_time_zone.guess(form.get_user(), self.request.POST.get("time_zone", ""))
        return super().form_valid(form)


@require_http_methods(["GET", "HEAD", "POST"])
def time_zone(request: StaffRequest) -> HttpResponse:
    """Show in which zone somebody reads times, and take another one; whoever may sign in may."""
    form = TimeZoneForm(request.POST or None, initial={"time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        User.objects.filter(pk=request.user.pk).update(time_zone=form.cleaned_data["time_zone"])
        messages.success(request, _("Your time zone is saved."))
        return redirect("staff:time-zone")
    return render(request, "staff/time_zone.html", {"form": form}, status=400 if form.errors else 200)
