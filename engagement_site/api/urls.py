"""Every address under /api/. The version is in the address; a change that breaks a client makes a new one."""

from django.urls import include, path, re_path

from core.api.pages import Description, Docs, NoSuchAddress

app_name = "api"
urlpatterns = [
    path("schema/", Description.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    path(
        "v1/",
        include(
            [
                path("", include("staff.api.urls")),
                path("", include("core.notices.api.urls")),
                path("", include("desk.api.urls")),
                path("", include("events.api.urls")),
                path("", include("records.api.urls")),
                path("", include("playbooks.api.urls")),
                path("", include("scoring.api.urls")),
                path("", include("surveys.api.urls")),
            ]
        ),
    ),
    re_path(r"^(?P<address>.*)$", NoSuchAddress.as_view(), name="nowhere"),
]
