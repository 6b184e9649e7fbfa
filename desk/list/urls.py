from django.urls import path

from desk.list.bulk import bulk
from desk.list.export import export
from desk.list.in_row import in_row
from desk.list.segments.builder import conditions
from desk.list.segments.comparison import compare
from desk.list.segments.over_time import over_time, over_time_csv
from desk.list.segments.pages import segment_detail, segment_list
from desk.list.sums import sums
from desk.list.values import values
from desk.list.views import customer_list

urlpatterns = [
    path("", customer_list, name="customers"),
    path("export.csv", export, name="export"),
    path("bulk/", bulk, name="bulk"),
    path("<int:pk>/in-row/<str:field>/", in_row, name="in-row"),
    path("totals/", sums, name="customer-sums"),
    path("values/", values, name="values"),
    path("conditions/", conditions, name="conditions"),
    path("views/", segment_list, name="segments"),
    path("views/compare/", compare, name="compare-segments"),
    path("views/<int:pk>/", segment_detail, name="segment"),
    path("views/<int:pk>/over-time/", over_time, name="segment-over-time"),
    path("views/<int:pk>/over-time.csv", over_time_csv, name="segment-csv"),
]
