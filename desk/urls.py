"""Pages of the desk: who is at risk, the list of customers, one customer, corrections, the search."""

from django.urls import include, path

from desk.search.views import search

app_name = "desk"
urlpatterns = [
    path("at-risk/", include("desk.at_risk.urls")),
    path("customers/", include("desk.list.urls")),
    path("customers/", include("desk.profile.urls")),
    path("corrections/", include("desk.corrections.urls")),
    path("search/", search, name="search"),
]
