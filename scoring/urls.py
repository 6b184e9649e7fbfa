from django.urls import path

from scoring.views import at_risk

app_name = "scoring"
urlpatterns = [path("at-risk/", at_risk, name="at-risk")]
