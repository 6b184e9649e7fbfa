from django.urls import path

from surveys.api import answers, invitations, results, surveys, waves

urlpatterns = [
    path("surveys/", surveys.Surveys.as_view(), name="surveys"),
    path("surveys/<int:pk>/", surveys.OneSurvey.as_view(), name="survey"),
    path("surveys/<int:pk>/start/", surveys.Start.as_view(), name="survey-start"),
    path("surveys/<int:pk>/close/", surveys.Close.as_view(), name="survey-close"),
    path("surveys/<int:pk>/copy/", surveys.Copy.as_view(), name="survey-copy"),
    path("surveys/<int:pk>/versions/", surveys.Versions.as_view(), name="survey-versions"),
    path("surveys/<int:pk>/waves/", waves.Waves.as_view(), name="survey-waves"),
    path("surveys/<int:pk>/waves/<int:wave>/", waves.OneWave.as_view(), name="survey-wave"),
    path("surveys/<int:pk>/waves/<int:wave>/end/", waves.EndWave.as_view(), name="survey-wave-end"),
    path("surveys/<int:pk>/invitations/", invitations.Invitations.as_view(), name="survey-invitations"),
    path("surveys/<int:pk>/results/", results.Results.as_view(), name="survey-results"),
    path("surveys/<int:pk>/results/by/<slug:what>/", results.ResultsBy.as_view(), name="survey-results-by"),
    path("surveys/<int:pk>/answers/", answers.Answers.as_view(), name="survey-answers"),
    path("answers/waiting/", answers.Waiting.as_view(), name="answers-waiting"),
    path("answers/<int:pk>/<uuid:answer>/", answers.OneAnswer.as_view(), name="answer"),
    path("answers/<int:pk>/<uuid:answer>/close-loop/", answers.CloseLoop.as_view(), name="answer-loop"),
    path("answers/<int:pk>/<uuid:answer>/themes/<int:theme>/", answers.ThemeOfAnswer.as_view(), name="answer-theme"),
    path("voice/", results.Voice.as_view(), name="voice"),
    path("themes/", answers.Themes.as_view(), name="themes"),
]
