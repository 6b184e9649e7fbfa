from django.urls import path, re_path

from surveys.views.public import assets, dead_link, personal, public_links

app_name = "answer"

# Fixed beginnings first: a token may be any text.
urlpatterns = [
    path("look/<slug:colour>.css", assets.colour, name="colour"),
    re_path(r"^logo/(?P<digest>[0-9a-f]{64})/$", assets.logo, name="logo"),
    re_path(r"^company/(?P<digest>[0-9a-f]{64})/$", assets.company_logo, name="company-logo"),
    re_path(r"^to/(?P<link>[A-Za-z0-9_-]{1,40})/$", public_links.to, name="to"),
    re_path(r"^widget/(?P<link>[A-Za-z0-9_-]{1,40})/$", public_links.widget, name="widget"),
    path("<str:token>/started/", personal.started, name="started"),
    path("<str:token>/unsubscribe/", personal.unsubscribe, name="unsubscribe"),
    path("<str:token>/", personal.answer, name="answer"),
    re_path(r"^.*$", dead_link.unknown_address, name="nowhere"),
]
