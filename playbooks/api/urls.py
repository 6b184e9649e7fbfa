from django.urls import path

from playbooks.api import views

urlpatterns = [
    path("tasks/", views.Tasks.as_view(), name="tasks"),
    path("customers/<int:pk>/tasks/<uuid:task>/", views.OneTask.as_view(), name="task"),
    path("customers/<int:pk>/tasks/<uuid:task>/finish/", views.Finish.as_view(), name="finish-task"),
    path("customers/<int:pk>/tasks/<uuid:task>/reopen/", views.Reopen.as_view(), name="reopen-task"),
    path("customers/<int:pk>/tasks/<uuid:task>/cancel/", views.Cancel.as_view(), name="cancel-task"),
]
