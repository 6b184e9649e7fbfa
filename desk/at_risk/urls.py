from django.urls import path

from desk.at_risk import acts, export, totals, views

urlpatterns = [
    path("", views.at_risk, name="at-risk"),
    path("totals/", totals.totals, name="totals"),
    path("export/", export.export, name="export-at-risk"),
    path("resting/", views.snoozed, name="snoozed"),
    path("assign/", acts.assign, name="assign"),
    path("snooze/", acts.snooze, name="snooze"),
    path("handle/", acts.handle, name="handle"),
    path("wake/", acts.end_snooze, name="end-snooze"),
]
