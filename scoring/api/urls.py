from django.urls import path

from scoring.api import views

urlpatterns = [
    path("customers/<int:pk>/score/", views.Score.as_view(), name="score"),
    path("customers/<int:pk>/history/", views.History.as_view(), name="history"),
    path("at-risk/", views.AtRisk.as_view(), name="at-risk"),
]
