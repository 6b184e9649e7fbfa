"""Pages of what is to be done: tasks and checklists."""

from django.urls import path

from playbooks.views import acts, calendar, checklists, listing, note_templates, task

app_name = "playbooks"
urlpatterns = [
    path("", listing.tasks, name="tasks"),
    path("tasks/new/", task.new, name="new-task"),
    path("tasks/<int:customer>/<uuid:task>/", task.task, name="task"),
    path("tasks/<int:customer>/<uuid:task>/row/", acts.row, name="task-row"),
    path("tasks/<int:customer>/<uuid:task>/finish/", acts.finish, name="finish-task"),
    path("tasks/<int:customer>/<uuid:task>/plan/", acts.plan, name="plan-task"),
    path("tasks/<int:customer>/<uuid:task>/reopen/", acts.reopen, name="reopen-task"),
    path("tasks/<int:customer>/<uuid:task>/cancel/", acts.cancel, name="cancel-task"),
    path("calendar/", calendar.own_calendar, name="calendar"),
    path("texts/", note_templates.listed, name="note-templates"),
    path("texts/new/", note_templates.edit, name="new-note-template"),
    path("texts/<int:pk>/", note_templates.edit, name="note-template"),
    path("texts/<int:pk>/delete/", note_templates.delete, name="delete-note-template"),
    path("checklists/", checklists.listed, name="checklists"),
    path("checklists/start/", checklists.begin, name="begin-checklist"),
    path("checklists/<int:customer>/<uuid:checklist>/", checklists.checklist, name="checklist"),
    path("checklists/templates/new/", checklists.template, name="new-template"),
    path("checklists/templates/<int:pk>/", checklists.template, name="template"),
    path("checklists/templates/<int:pk>/delete/", checklists.delete_template, name="delete-template"),
]
