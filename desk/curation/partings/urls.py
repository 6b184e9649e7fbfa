from django.urls import path

from desk.curation.partings import views

urlpatterns = [
    path("", views.shared_ids, name="partings"),
    path("look-again/", views.look_again, name="look-for-shared-ids"),
    path("of/<int:contact>/", views.ask, name="new-parting"),
    path("<int:pk>/", views.detail, name="parting"),
    path("<int:pk>/carry-out/", views.carry_out, name="carry-out-parting"),
    path("<int:pk>/cancel/", views.cancel, name="cancel-parting"),
]
