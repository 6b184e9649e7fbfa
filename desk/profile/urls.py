from django.urls import path

from desk.log.suggestions import make_task
from desk.log.views import log_contact
from desk.profile import acts, answers, contacts, contracts, customers, notes, tasks
from desk.profile.page import profile
from desk.timeline.views import timeline

urlpatterns = [
    path("new/", customers.create, name="new-customer"),
    path("<int:pk>/", profile, name="customer"),
    path("<int:pk>/timeline/", timeline, name="timeline"),
    path("<int:pk>/tasks/", tasks.listed, name="customer-tasks"),
    path("<int:pk>/edit/", customers.edit, name="edit-customer"),
    path("<int:pk>/contacts/new/", contacts.add, name="new-contact"),
    path("<int:pk>/contacts/<int:contact>/", contacts.edit, name="contact"),
    path("<int:pk>/contracts/new/", contracts.add, name="new-contract"),
    path("<int:pk>/contracts/<uuid:contract>/", contracts.edit, name="contract"),
    path("<int:pk>/contracts/<uuid:contract>/delete/", contracts.delete, name="delete-contract"),
    path("<int:pk>/acts/<int:act>/", acts.act, name="act"),
    path("<int:pk>/answers/", answers.answers, name="answers"),
    path("<int:pk>/log/", log_contact, name="log"),
    path("<int:pk>/suggestions/", make_task, name="make-task"),
    path("<int:pk>/notes/", notes.listed, name="notes"),
    path("<int:pk>/notes/new/", log_contact, name="new-note"),
    path("<int:pk>/notes/<uuid:note>/", notes.edit, name="note"),
    path("<int:pk>/notes/<uuid:note>/delete/", notes.delete, name="delete-note"),
]
