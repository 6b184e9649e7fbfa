from django.urls import path

from desk.curation.corrections import views

urlpatterns = [
    path("", views.correction_list, name="corrections"),
    path("new/", views.ask, name="new-correction"),
    path("<int:pk>/", views.detail, name="correction"),
    path("<int:pk>/carry-out/", views.carry_out, name="carry-out-correction"),
    path("<int:pk>/cancel/", views.cancel, name="cancel-correction"),
    path("<int:pk>/undo/", views.undo, name="undo-correction"),
]
