from django.urls import path

from staff.api import views

urlpatterns = [
    path("me/", views.Me.as_view(), name="me"),
    path("colleagues/", views.Colleagues.as_view(), name="colleagues"),
    path("teams/", views.Teams.as_view(), name="teams"),
]
