from django.urls import path

from desk.portfolio import export, reassign, renewal_pages, views

urlpatterns = [
    path("", views.portfolio, name="portfolio"),
    path("export.csv", export.export, name="export-portfolio"),
    path("shares/", views.shares_over_time, name="portfolio-shares"),
    path("contacts/", views.contacts_made, name="contacts-made"),
    path("tasks/", views.overdue_tasks, name="overdue-tasks"),
    path("renewals/", renewal_pages.renewal_list, name="renewals"),
    path("renewals/<int:pk>/<str:month>/", renewal_pages.forecast, name="forecast"),
    path("reassign/", reassign.reassign, name="reassign"),
]
