from django.urls import path

from engagement_site.health import views

app_name = "health"
urlpatterns = [
    path("health/", views.detail, name="detail"),
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("metrics", views.prometheus, name="metrics"),
]
