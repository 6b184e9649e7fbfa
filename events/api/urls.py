from django.urls import path

from events.api import acts, views

urlpatterns = [
    path("customers/<int:pk>/events/", views.Events.as_view(), name="events"),
    path("customers/<int:pk>/acts/", acts.Acts.as_view(), name="acts"),
    path("event-types/", views.EventTypes.as_view(), name="event-types"),
    path("event-types/<int:pk>/", views.OneEventType.as_view(), name="event-type"),
]
