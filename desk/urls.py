"""Pages of the desk: who is at risk, the list of customers, one customer, the search."""

from django.urls import include, path

from desk.search.views import search

app_name = "desk"
urlpatterns = [
    path("at-risk/", include("desk.at_risk.urls")),
    path("customers/", include("desk.list.urls")),
    path("customers/", include("desk.profile.urls")),
    path("search/", search, name="search"),
]
