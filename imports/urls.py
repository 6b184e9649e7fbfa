from django.urls import path

from imports.views import files, jobs, uploading

app_name = "imports"
urlpatterns = [
    path("", jobs.import_list, name="list"),
    path("new/", uploading.upload_file, name="upload"),
    path("templates/<slug:kind>.csv", files.template, name="template"),
    path("<int:pk>/", jobs.detail, name="detail"),
    path("<int:pk>/columns/", uploading.columns, name="columns"),
    path("<int:pk>/sheet/", uploading.sheet, name="sheet"),
    path("<int:pk>/start/", jobs.start, name="start"),
    path("<int:pk>/cancel/", jobs.cancel, name="cancel"),
    path("<int:pk>/wrong-rows.csv", files.wrong_rows, name="wrong-rows"),
]
