"""Links by which somebody chooses a password: Django's tokens, which die with use, signing in, or time.

Nothing of them is stored. They are made when the mail leaves, of the colleague as they are then.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import base36_to_int

from staff.models import User

MOST_DIGITS = 12  # of a colleague's number: int() refuses thousands of digits with an error


class Tokens(PasswordResetTokenGenerator):
    """Tokens for one purpose; those for another do not fit."""

    def __init__(self, purpose: str, lasts: timedelta) -> None:
        super().__init__()
        self.key_salt = f"staff.links.{purpose}"
        self.lasts = lasts

    def check_token(self, user: User | None, token: str | None) -> bool:
        # Django knows one time limit for all tokens, settings.PASSWORD_RESET_TIMEOUT: the longest of ours.
        return super().check_token(user, token) and self._age(str(token)) <= self.lasts

    def _age(self, token: str) -> timedelta:
        made = base36_to_int(token.partition("-")[0])
        return timedelta(seconds=self._num_seconds(self._now()) - made)

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        # Inviting somebody again puts an end to the link before.
        return f"{super()._make_hash_value(user, timestamp)}{user.invited_at}"


PURPOSES: Mapping[str, Tokens] = {
    "invitation": Tokens("invitation", timedelta(days=7)),
    "reset": Tokens("reset", timedelta(days=1)),
}


def link(colleague: User) -> str:
    """Return the address at which the colleague chooses a password: of an invitation until they have signed in."""
    tokens = PURPOSES["invitation" if is_invited(colleague) else "reset"]
    path = reverse("staff:choose-password", kwargs={"link": f"{colleague.pk}-{tokens.make_token(colleague)}"})
    return f"{settings.PUBLIC_ADDRESS}{path}"


def is_invited(colleague: User) -> bool:
    """Tell whether they have been invited and have not signed in yet."""
    return colleague.invited_at is not None and colleague.last_login is None


def owner(text: str, among: "QuerySet[User] | None" = None) -> User | None:
    """Return who may choose a password by what stands in the link; None for a link that does not work. One query."""
    number, _dash, token = text.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS) or "\0" in token:
        return None
    colleagues = User.objects.all() if among is None else among
    colleague = colleagues.filter(pk=int(number), is_active=True).first()
    works = colleague is not None and any(tokens.check_token(colleague, token) for tokens in PURPOSES.values())
    return colleague if works else None
