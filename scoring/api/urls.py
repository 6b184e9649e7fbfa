from django.urls import path

from scoring.api import models, views, what_if

urlpatterns = [
    path("customers/<int:pk>/score/", views.Score.as_view(), name="score"),
    path("customers/<int:pk>/history/", views.History.as_view(), name="history"),
    path("scoring-models/", models.ScoringModels.as_view(), name="scoring-models"),
    path("scoring-models/<int:pk>/", models.OneScoringModel.as_view(), name="scoring-model"),
    path("scoring-models/<int:pk>/what-if/", what_if.WhatIf.as_view(), name="what-if"),
    path("scoring-models/<int:pk>/what-if/prepare/", what_if.Prepare.as_view(), name="prepare-what-if"),
]
