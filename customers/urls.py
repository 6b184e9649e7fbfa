from django.urls import include, path

from customers.views.bulk import bulk
from customers.views.export import export
from customers.views.listing import customer_list
from customers.views.saved import view, views
from customers.views.values import values

app_name = "customers"
urlpatterns = [
    path("", customer_list, name="list"),
    path("export.csv", export, name="export"),
    path("bulk/", bulk, name="bulk"),
    path("values/", values, name="values"),
    path("views/", views, name="views"),
    path("views/<int:pk>/", view, name="view"),
    path("", include("customers.profile.urls")),
]
