from django.urls import path

from desk.today import acts, opened, past, upcoming, views

urlpatterns = [
    path("", views.today, name="today"),
    path("upcoming/", upcoming.upcoming, name="upcoming"),
    path("past/", past.past, name="past"),
    path("show/", views.show, name="today-show"),
    path("seen/", views.seen, name="today-seen"),
    path("undo/", acts.take_back, name="undo"),
    path("<int:pk>/", opened.opened, name="today-row"),
    path("<int:pk>/handle/", acts.handle, name="today-handle"),
    path("<int:pk>/snooze/", acts.snooze, name="today-snooze"),
    path("<int:pk>/follow/", acts.follow, name="follow"),
    path("<int:pk>/tasks/<uuid:task>/finish/", acts.finish, name="today-finish"),
]
