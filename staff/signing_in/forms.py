"""Forms of signing in and of passwords."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.names import addresses
from core.web.forms import EntryForm, look
from staff.models import User
from staff.signing_in.attempts import TooSoon

LONGEST_ADDRESS = 254
LONGEST_PASSWORD = 1_000  # a longer one only costs time


def _password(label: Any, autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget, **options)


def _address(label: Any) -> forms.CharField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True})
    return forms.CharField(label=label, max_length=LONGEST_ADDRESS, widget=widget)


class SignInForm(LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _address(_("E-mail"))
        self.fields["password"] = _password(_("Password"), "current-password")
        self.order_fields(["login", "password"])
        for field in self.fields.values():
            field.widget.attrs["class"] = look(field)

    def add_prefix(self, field_name: str) -> str:
        # What programs that keep passwords look for.
        return "username" if field_name == "login" else super().add_prefix(field_name)


class AddressForm(EntryForm):
    email = _address(_("E-mail"))

    def clean_email(self) -> str:
        return addresses.folded(str(self.cleaned_data["email"]))


class NewPasswordForm(EntryForm):
    """A new password, twice."""

    password1 = _password(
        _("New password"),
        "new-password",
        help_text=_("At least 10 characters. A few words are easier to keep than signs."),
    )
    password2 = _password(_("New password, again"), "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        first, second = (self.cleaned_data.get(name) for name in ("password1", "password2"))
        if first and second and first != second:
            self.add_error("password2", _("The two are not the same."))
        elif first:
            try:
                password_validation.validate_password(first, self.user)
            except ValidationError as problem:
                self.add_error("password1", problem)
        return cleaned


class OwnPasswordForm(NewPasswordForm):
    """A new password, by somebody who knows the present one."""

    current = _password(_("Present password"), "current-password")
    field_order = ["current", "password1", "password2"]

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.request = request

    def clean_current(self) -> str:
        """Check it as signing in does: a session left open must not let anybody guess on."""
        password = str(self.cleaned_data["current"])
        if get_adapter().authenticate(self.request, email=self.user.email, password=password) is None:
            raise ValidationError(_("This is not your present password."))
        return password


def wait_of(form: forms.BaseForm) -> int:
    """Return how many seconds the form says to wait; 0 when it does not."""
    problems = (problem for found in form.errors.as_data().values() for problem in found)
    return max((problem.wait for problem in problems if isinstance(problem, TooSoon)), default=0)
