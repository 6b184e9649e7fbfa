from django.urls import path

from customers.views import customer_list, profile

app_name = "customers"
urlpatterns = [
    path("", customer_list, name="list"),
    path("<int:pk>/", profile, name="detail"),
]
