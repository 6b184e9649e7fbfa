"""Passwords: one's own, a forgotten one, and the one chosen by a link."""

from allauth.account.internal.flows.password_reset import perform_password_reset_login
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from core.outbox.mail import reaches_people
from staff.models import User
from staff.requests import StaffRequest
from staff.signing_in import attempts, links, mails
from staff.signing_in.attempts import TooSoon
from staff.signing_in.forms import AddressForm, NewPasswordForm, OwnPasswordForm, wait_of
from staff.signing_in.views import told_to_wait

_methods = require_http_methods(["GET", "HEAD", "POST"])


@_methods
@sensitive_post_parameters()
def own(request: StaffRequest) -> HttpResponse:
    """Change one's own password. Other sessions of the colleague end, this one goes on."""
    form = OwnPasswordForm(request.POST or None, request=request, user=request.user)
    if request.method == "POST" and form.is_valid():
        request.user.set_password(form.cleaned_data["password1"])
        request.user.save(update_fields=["password"])
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed. You are signed out everywhere else."))
        return redirect("staff:password")
    return _asked_again(request, "staff/password.html", form)


@login_not_required
@never_cache
@_methods
def forgotten(request: HttpRequest) -> HttpResponse:
    """Send a link to choose a new password. The answer is the same whether anybody has the address or not."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address, now = form.cleaned_data["email"], timezone.now()
        try:
            attempts.begin(attempts.of_request_for_mail(request, address), now=now)
        except TooSoon as too_soon:
            form.add_error(None, too_soon)
        else:
            mails.send_reset(address, now=now)
            return redirect("staff:link-sent")
    return _asked_again(request, "staff/forgotten.html", form)


def _asked_again(request: HttpRequest, template: str, form: BaseForm) -> HttpResponse:
    response = render(request, template, {"form": form}, status=400 if form.errors else 200)
    return told_to_wait(response, wait_of(form))


@login_not_required
@never_cache
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "staff/link_sent.html", {"reaches_people": reaches_people()})


@login_not_required
@never_cache
@_methods
@sensitive_post_parameters()
def choose(request: HttpRequest, link: str) -> HttpResponseBase:
    """Choose a password by a link: a new colleague's first one, or a new one. Reading the page uses nothing up."""
    if request.method == "POST":
        # Locked, so that a link sent twice at once works once.
        with transaction.atomic():
            return _chosen(request, links.owner(link, User.objects.select_for_update()))
    return _choosing(request, links.owner(link))


def _chosen(request: HttpRequest, colleague: User | None) -> HttpResponseBase:
    form = None if colleague is None else NewPasswordForm(request.POST, user=colleague)
    if colleague is None or form is None or not form.is_valid():
        return _choosing(request, colleague, form)
    colleague.set_password(form.cleaned_data["password1"])
    colleague.save(update_fields=["password"])
    return perform_password_reset_login(request, colleague)


def _choosing(request: HttpRequest, colleague: User | None, form: NewPasswordForm | None = None) -> HttpResponse:
    if colleague is None:
        return render(request, "staff/dead_link.html", status=404)
    form = form or NewPasswordForm(user=colleague)
    context = {"form": form, "colleague": colleague, "is_invited": links.is_invited(colleague)}
    return render(request, "staff/choose_password.html", context, status=400 if form.errors else 200)
