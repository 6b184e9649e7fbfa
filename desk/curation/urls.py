from django.urls import path

from desk.curation import deleting, merging, moving, taking_back

urlpatterns = [
    path("customers/<int:pk>/merge/", merging.merge_customers, name="merge-customers"),
    path("customers/<int:pk>/delete/", deleting.delete_customer, name="delete-customer"),
    path("contacts/<int:pk>/merge/", merging.merge_contacts, name="merge-contacts"),
    path("contacts/<int:pk>/move/", moving.move_contact, name="move-contact"),
    path("contacts/<int:pk>/delete/", deleting.delete_contact, name="delete-contact"),
    path("deleted/", deleting.deleted, name="removed"),
    path("acts/<int:pk>/undo/", taking_back.undo, name="undo-act"),
    path("acts/<int:pk>/release/", taking_back.release, name="release-act"),
]
