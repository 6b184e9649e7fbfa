from django.urls import path

from surveys.views.reading import comments, export, follow_up, inbox, results

urlpatterns = [
    path("voice/", results.voice_index, name="voice"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("answers/<int:customer>/<uuid:answer>/close/", follow_up.close, name="close-loop"),
    path("answers/<int:customer>/<uuid:answer>/reopen/", follow_up.reopen, name="reopen-loop"),
    path("answers/<int:customer>/<uuid:answer>/theme/", follow_up.theme, name="theme"),
    path("<int:pk>/results/", results.results, name="results"),
    path("<int:pk>/results/by/<slug:what>/", results.breakdown, name="breakdown"),
    path("<int:pk>/comments/", comments.comments, name="comments"),
    path("<int:pk>/answers.csv", export.as_csv, name="answers-csv"),
    path("<int:pk>/answers.xlsx", export.as_xlsx, name="answers-xlsx"),
]
