from django.urls import path

from core.notices.api import views

urlpatterns = [
    path("notices/", views.Notices.as_view(), name="notices"),
    path("notices/read/", views.AllRead.as_view(), name="notices-read"),
    path("notices/<int:pk>/read/", views.OneRead.as_view(), name="notice-read"),
]
