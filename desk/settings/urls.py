from django.urls import path

from desk.settings.views import overview

urlpatterns = [
    path("", overview, name="settings"),
]
