from django.contrib.auth.views import LogoutView
from django.urls import path

from staff.views import SignIn, time_zone

app_name = "staff"
urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("time-zone/", time_zone, name="time-zone"),
]
