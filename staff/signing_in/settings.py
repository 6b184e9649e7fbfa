"""Settings of django-allauth, whose account part signs colleagues in; engagement_site/settings.py takes them."""

from typing import Any

# A colleague has one address, by which they sign in; nobody signs up. More than a password (allauth.mfa) or another
# way in (allauth.socialaccount) would be named here and in INSTALLED_APPS.
ACCOUNT: dict[str, Any] = {
    "ACCOUNT_ADAPTER": "staff.signing_in.adapter.Adapter",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_SESSION_REMEMBER": True,
    "ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS": False,
    "ACCOUNT_RATE_LIMITS": False,  # they live in a cache; ours in PostgreSQL (attempts.py)
}
