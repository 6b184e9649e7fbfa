from django.urls import path

from desk.contacts.export import export
from desk.contacts.page import person
from desk.contacts.views import contact_list

urlpatterns = [
    path("", contact_list, name="contacts"),
    path("export.csv", export, name="export-contacts"),
    path("<int:pk>/", person, name="person"),
]
