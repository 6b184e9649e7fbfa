"""Every address. All but signing in, the language and the ingestion API are for signed-in colleagues."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from engagement_site.health import failures
from engagement_site.mail.events import mail_events
from playbooks.views.calendar import calendar
from surveys.views.hook import InboundWebhook

handler500 = failures.failed

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="desk:today"), name="start"),
    path("", include("staff.urls")),
    path("", include("staff.signing_in.urls")),
    path("", include("scoring.urls")),
    path("", include("desk.urls")),
    path("playbooks/", include("playbooks.urls")),
    path("calendar/<str:token>.ics", calendar, name="calendar"),
    path("surveys/", include("surveys.urls")),
    path("imports/", include("imports.urls")),
    path("notices/", include("core.notices.urls")),
    path("s/", include("surveys.views.public.urls")),
    path("", include("engagement_site.health.urls")),
    path("mail-events/<str:provider>/", mail_events, name="mail-events"),
    path("hooks/surveys/<str:slug>/", InboundWebhook.as_view(), name="survey-hook"),
    path("api/", include("engagement_site.api.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    # One door for signing in: the admin's own would not share ours' rules.
    path(
        "admin/login/",
        login_not_required(RedirectView.as_view(pattern_name="staff:sign-in", query_string=True)),
    ),
    path("admin/", admin.site.urls),
]
