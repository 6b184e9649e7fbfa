from django.contrib.auth.views import LogoutView
from django.urls import path

from staff.signing_in import passwords
from staff.signing_in.views import SignIn
from staff.views import time_zone

app_name = "staff"
urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("password/", passwords.own, name="password"),
    path("password/forgotten/", passwords.forgotten, name="forgotten-password"),
    path("password/forgotten/sent/", passwords.link_sent, name="link-sent"),
    path("password/choose/<str:link>/", passwords.choose, name="choose-password"),
    path("time-zone/", time_zone, name="time-zone"),
]
