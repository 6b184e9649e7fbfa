from django.urls import path

from events.api import acts, event_types, views

urlpatterns = [
    path("customers/<int:pk>/events/", views.Events.as_view(), name="events"),
    path("customers/<int:pk>/acts/", acts.Acts.as_view(), name="acts"),
    path("event-types/", event_types.EventTypes.as_view(), name="event-types"),
    path("event-types/<int:pk>/", event_types.OneEventType.as_view(), name="event-type"),
    path("event-types/by-name/<path:name>/", event_types.EventTypeByName.as_view(), name="event-type-by-name"),
]
