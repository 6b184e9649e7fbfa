"""What django-allauth asks of us: delays before a password is looked at, our words, and nobody signs up."""

import logging
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from staff.models import User
from staff.signing_in import attempts, devices
from staff.signing_in.attempts import TooSoon

logger = logging.getLogger(__name__)
# A hash takes a processor for a third of a second. Guesses from many networks get two at a time in each process, so
# that pages and events keep the others; beyond that one is told to come again in a second.
_HASHING = BoundedSemaphore(2)
_PATIENCE = 0.2  # seconds


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # One sentence for every failure, so that it does not reveal who has an account.
        "email_password_mismatch": _("This e-mail and password do not go together. Check both and try again."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose password it is. Raises TooSoon; then no hash was computed. Three queries, and those for them."""
        typed = str(credentials.get("email", ""))
        try:
            attempt = attempts.begin(attempts.of_sign_in(request, typed), now=timezone.now())
            if not _HASHING.acquire(timeout=_PATIENCE):
                attempt.did_not_happen()
                raise TooSoon(timedelta(seconds=1))
        except TooSoon:
            _log("Attempt refused", request, typed)
            raise
        try:
            # Of an unknown address Django computes a hash as well, so that the time does not tell.
            user = authenticate(request, **credentials)
        finally:
            _HASHING.release()
        if user is None:
            _log("Wrong password", request, typed)
            return None
        attempt.succeeded()
        return user if isinstance(user, User) else None

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember(request, response, attempts.account_of(user.email))
        _log("Signed in", request, user.email)
        return response

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Allow our own host alone."""
        request = self.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def is_ajax(self, request: HttpRequest) -> bool:
        return False  # pages are pages, whatever is asked for

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("staff:sign-in")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("staff:password")

    def add_message(self, request: HttpRequest, level: int, *args: Any, message: str = "", **kwargs: Any) -> None:
        """Say what is passed as a text; allauth's own templates stay unsaid."""
        if message:
            super().add_message(request, level, message=message)


def _log(what: str, request: HttpRequest, typed: str) -> None:
    """Log by keyed hashes, the same for the same: enough to see who is guessed at, and from how many networks."""
    account, here = attempts.account_of(typed)[:8], attempts.network_of(request)[:8]
    logger.info("%s: account %s, network %s", what, account, here, extra={"details": {"account": account}})
