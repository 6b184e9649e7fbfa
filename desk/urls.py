"""Pages of the desk: who is at risk, lists, one customer or contact, duplicates, settings, search."""

from django.urls import include, path

from desk.search.views import search

app_name = "desk"
urlpatterns = [
    path("today/", include("desk.today.urls")),
    path("at-risk/", include("desk.at_risk.urls")),
    path("portfolio/", include("desk.portfolio.urls")),
    path("customers/", include("desk.list.urls")),
    path("customers/", include("desk.profile.urls")),
    path("contacts/", include("desk.contacts.urls")),
    path("duplicates/", include("desk.curation.duplicates.urls")),
    path("corrections/", include("desk.curation.corrections.urls")),
    path("partings/", include("desk.curation.partings.urls")),
    path("", include("desk.curation.urls")),
    path("settings/", include("desk.settings.urls")),
    path("search/", search, name="search"),
]
