"""Pages of colleagues: making surveys, sending them, reading their answers."""

from django.urls import include, path

from surveys.views import acts, detail, editing, listing, preview, sending

app_name = "surveys"
urlpatterns = [
    path("", listing.listing, name="list"),
    path("", include("surveys.views.reading.urls")),
    path("new/", listing.new, name="new"),
    path("<int:pk>/", detail.detail, name="survey"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/preview/", preview.preview, name="preview"),
    path("<int:pk>/preview/<slug:language>/page/", preview.page_preview, name="page-preview"),
    path("<int:pk>/preview/<slug:language>/<slug:which>/", preview.mail_preview, name="mail-preview"),
    path("<int:pk>/test/", preview.test, name="test"),
    path("<int:pk>/start/", acts.start, name="start"),
    path("<int:pk>/close/", acts.close, name="close"),
    path("<int:pk>/copy/", acts.copy, name="copy"),
    path("<int:pk>/version/", acts.new_version, name="new-version"),
    path("<int:pk>/delete/", acts.delete, name="delete"),
    path("<int:pk>/send/", sending.send, name="send"),
    path("<int:pk>/sendings/<int:wave>/end/", sending.end, name="end-sending"),
]
