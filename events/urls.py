from django.urls import re_path

from events.views import Ingest, NoSuchAddress

app_name = "events"

# With and without a trailing slash: a redirect would lose the body.
urlpatterns = [
    re_path(r"^v1/(?P<kind>batch|track|page|screen|identify|group|alias)/?$", Ingest.as_view(), name="ingest"),
    re_path(r"^v1(?:/.*)?$", NoSuchAddress.as_view(), name="nowhere"),
]
