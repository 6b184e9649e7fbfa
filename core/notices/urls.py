from django.urls import path

from core.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.everything, name="list"),
    path("bell/", views.bell, name="bell"),
    path("kinds/", views.choose_kinds, name="kinds"),
    path("read/", views.mark_all_read, name="read-all"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/follow/", views.follow, name="follow"),
    path("<int:pk>/read/", views.mark_read, name="read"),
]
