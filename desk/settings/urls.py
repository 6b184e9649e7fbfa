from django.urls import path

from desk.settings.company import company
from desk.settings.get_started import views as get_started
from desk.settings.views import overview

urlpatterns = [
    path("", overview, name="settings"),
    path("company/", company, name="company"),
    path("get-started/", get_started.get_started, name="get-started"),
    path("get-started/key/", get_started.make_key, name="make-key"),
    path("get-started/away/", get_started.dismiss, name="dismiss-get-started"),
]
