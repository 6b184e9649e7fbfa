"""The names by which django-allauth looks for pages of ours."""

from django.urls import path

from staff.signing_in import passwords
from staff.signing_in.views import SignIn

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("password/", passwords.own, name="account_change_password"),
    path("password/forgotten/", passwords.forgotten, name="account_reset_password"),
]
