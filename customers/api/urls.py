from django.urls import path

from customers.api import contacts, segments, views

urlpatterns = [
    path("customers/", views.Customers.as_view(), name="customers"),
    path("customers/<int:pk>/", views.OneCustomer.as_view(), name="customer"),
    path("customers/<int:pk>/rest/", views.Rest.as_view(), name="rest"),
    path("customers/by-id/<path:company_id>/", views.CustomerByCompanyId.as_view(), name="customer-by-id"),
    path("contacts/", contacts.Contacts.as_view(), name="contacts"),
    path("contacts/<int:pk>/", contacts.OneContact.as_view(), name="contact"),
    path("contacts/by-user-id/<path:user_id>/", contacts.ContactByUserId.as_view(), name="contact-by-user-id"),
    path("contacts/by-email/<path:email>/", contacts.ContactByEmail.as_view(), name="contact-by-email"),
    path("segments/", segments.Segments.as_view(), name="segments"),
    path("segments/<int:pk>/", segments.OneSegment.as_view(), name="segment"),
    path("segments/<int:pk>/members/", segments.Members.as_view(), name="segment-members"),
]
