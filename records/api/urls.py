from django.urls import path

from records.api import views

urlpatterns = [
    path("customers/<int:pk>/contracts/", views.Contracts.as_view(), name="contracts"),
    path("customers/<int:pk>/contracts/<uuid:record>/", views.OneContract.as_view(), name="contract"),
    path(
        "customers/<int:pk>/contracts/by-id/<path:external_id>/",
        views.ContractByExternalId.as_view(),
        name="contract-by-id",
    ),
    path("customers/<int:pk>/invoices/", views.Invoices.as_view(), name="invoices"),
    path("customers/<int:pk>/invoices/<uuid:record>/", views.OneInvoice.as_view(), name="invoice"),
    path(
        "customers/<int:pk>/invoices/by-id/<path:external_id>/",
        views.InvoiceByExternalId.as_view(),
        name="invoice-by-id",
    ),
    path("customers/<int:pk>/tickets/", views.Tickets.as_view(), name="tickets"),
    path("customers/<int:pk>/tickets/<uuid:record>/", views.OneTicket.as_view(), name="ticket"),
    path(
        "customers/<int:pk>/tickets/by-id/<path:external_id>/",
        views.TicketByExternalId.as_view(),
        name="ticket-by-id",
    ),
    path("customers/<int:pk>/notes/", views.Notes.as_view(), name="notes"),
    path("customers/<int:pk>/notes/<uuid:record>/", views.OneNote.as_view(), name="note"),
    path(
        "customers/<int:pk>/notes/by-id/<path:external_id>/",
        views.NoteByExternalId.as_view(),
        name="note-by-id",
    ),
]
