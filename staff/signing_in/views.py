"""The one page to sign in, and what follows from it."""

from typing import Any

from allauth.account.views import LoginView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from staff import own_time_zone
from staff.models import User
from staff.signing_in import kept_forms
from staff.signing_in.forms import SignInForm, wait_of


class SignIn(LoginView):
    """The one sign-in page for colleagues, the Django admin included."""

    template_name = "staff/sign_in.html"
    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        sealed = self.request.POST.get(kept_forms.FIELD, "")
        return {**context, "next": context["redirect_field_value"] or "", "kept": sealed}

    def form_valid(self, form: SignInForm) -> HttpResponseBase:
        user: User = form.user
        is_first = user.last_login is None
        # No field of the form: what a browser says of itself must not keep anybody out.
        own_time_zone.guess(user, self.request.POST.get("time_zone", ""))
        response: HttpResponseBase = super().form_valid(form)
        if not self.request.user.is_authenticated:
            return response  # a second step is to come
        if is_first:
            # Somebody wrote it down for them: `make run`, a command, another admin.
            messages.warning(
                self.request, _("If somebody else made your password, choose your own now: menu, Password.")
            )
        return kept_forms.after_signing_in(self.request, response)

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        return told_to_wait(response, wait_of(form))


def told_to_wait(response: HttpResponse, seconds: int) -> HttpResponse:
    """Make it an answer of 429 when there is something to wait for."""
    if seconds:
        response.status_code = 429
        response.headers["Retry-After"] = str(seconds)
    return response


def sign_in_page(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    """Return the sign-in page in place of another; its form goes to the sign-in page's own address."""
    return render(request, SignIn.template_name, {"form": SignInForm(request=request), **context}, status=status)
