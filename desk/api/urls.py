from django.urls import path

from desk.api import at_risk, contacts, curation, customers, duplicates, portfolio, segments

urlpatterns = [
    path("acts/", curation.Acts.as_view(), name="all-acts"),
    path("acts/<int:pk>/undo/", curation.UndoAct.as_view(), name="undo-act"),
    path("acts/<int:pk>/release/", curation.ReleaseAct.as_view(), name="release-act"),
    path("at-risk/", at_risk.AtRisk.as_view(), name="at-risk"),
    path("at-risk/totals/", at_risk.AtRiskTotals.as_view(), name="at-risk-totals"),
    path("customers/", customers.Customers.as_view(), name="customers"),
    path("customers/<int:pk>/", customers.OneCustomer.as_view(), name="customer"),
    path("customers/<int:pk>/merge/", curation.MergeCustomer.as_view(), name="merge-customer"),
    path("customers/<int:pk>/forecasts/<str:month>/", portfolio.Forecast.as_view(), name="customer-forecast"),
    path("customers/<int:pk>/rest/", customers.CustomerSnooze.as_view(), name="snooze"),
    path("customers/by-id/<path:company_id>/", customers.CustomerByCompanyId.as_view(), name="customer-by-id"),
    path("contacts/", contacts.Contacts.as_view(), name="contacts"),
    path("contacts/<int:pk>/", contacts.OneContact.as_view(), name="contact"),
    path("contacts/<int:pk>/merge/", curation.MergeContact.as_view(), name="merge-contact"),
    path("contacts/<int:pk>/move/", curation.MoveContact.as_view(), name="move-contact"),
    path("contacts/by-user-id/<path:user_id>/", contacts.ContactByUserId.as_view(), name="contact-by-user-id"),
    path("contacts/by-email/<path:email>/", contacts.ContactByEmail.as_view(), name="contact-by-email"),
    path("duplicates/customers/", duplicates.DuplicateCustomers.as_view(), name="duplicate-customers"),
    path("duplicates/contacts/", duplicates.DuplicateContacts.as_view(), name="duplicate-contacts"),
    path("portfolio/", portfolio.Portfolio.as_view(), name="portfolio"),
    path("segments/", segments.Segments.as_view(), name="segments"),
    path("segments/<int:pk>/", segments.OneSegment.as_view(), name="segment"),
    path("segments/<int:pk>/members/", segments.Members.as_view(), name="segment-members"),
    path("segments/<int:pk>/over-time/", segments.OverTime.as_view(), name="segment-over-time"),
]
