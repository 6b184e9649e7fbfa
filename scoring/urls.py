from django.urls import path

from scoring.views import confirmed, drafts, models, override, score, weighing, what_if
from scoring.views.back_test import pages as back_tests

app_name = "scoring"
urlpatterns = [
    path("customers/<int:pk>/score/", score.score, name="score"),
    path("customers/<int:pk>/score.csv", score.score_csv, name="score-csv"),
    path("customers/<int:pk>/override/", override.override, name="override"),
    path("models/", models.models, name="models"),
    path("models/new/", models.new_draft, name="new-draft"),
    path("models/weigh/<int:pk>/", weighing.weigh, name="weigh"),
    path("models/<int:pk>/", models.model, name="model"),
    path("models/<int:pk>/edit/", drafts.edit, name="edit"),
    path("models/<int:pk>/compare/", drafts.compare, name="compare"),
    path("models/<int:pk>/copy/", models.copy, name="copy"),
    path("models/<int:pk>/publish/", models.publish, name="publish"),
    path("models/<int:pk>/end/", confirmed.end, name="end"),
    path("models/<int:pk>/calibrate/", confirmed.calibrated, name="calibrate"),
    path("models/<int:pk>/delete/", confirmed.delete, name="delete"),
    path("models/<int:pk>/what-if/", what_if.what_if, name="what-if"),
    path("models/<int:pk>/what-if.csv", what_if.what_if_csv, name="what-if-csv"),
    path("models/<int:pk>/what-if/prepare/", what_if.prepare_what_if, name="prepare-what-if"),
    path("models/<int:pk>/what-if/save/", what_if.keep_try, name="keep-try"),
    path("models/<int:pk>/back-test/", back_tests.start, name="start-back-test"),
    path("back-tests/<int:pk>/", back_tests.detail, name="back-test"),
    path("back-tests/<int:pk>/cancel/", back_tests.cancel, name="cancel-back-test"),
    path("back-tests/<int:pk>/draft/", back_tests.draft, name="draft-of-back-test"),
    path("back-tests/<int:pk>/<slug:name>.csv", back_tests.table, name="back-test-table"),
]
