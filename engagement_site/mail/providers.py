"""anymail's addresses, to look a provider's view up in; we serve none of them as they are."""

from django.urls import include, path

urlpatterns = [path("", include("anymail.urls"))]
