from django.urls import path

from scoring import views

app_name = "scoring"
urlpatterns = [
    path("at-risk/", views.at_risk, name="at-risk"),
    path("at-risk/resting/", views.resting, name="resting"),
    path("at-risk/assign/", views.assign, name="assign"),
    path("at-risk/snooze/", views.snooze, name="snooze"),
    path("at-risk/handle/", views.handle, name="handle"),
    path("at-risk/wake/", views.wake, name="wake"),
]
