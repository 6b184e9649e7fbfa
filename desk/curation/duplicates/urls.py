from collections.abc import Iterator

from django.urls import URLPattern, path

from desk.curation.duplicates import views
from desk.curation.duplicates.kinds import CONTACTS, CUSTOMERS, Kind


def _pages(kind: Kind) -> Iterator[URLPattern]:
    about = {"kind": kind}
    yield path(f"{kind.name}/", views.proposed, about, name=f"duplicate-{kind.name}")
    yield path(f"{kind.name}/dismissed/", views.told_apart, about, name=f"apart-{kind.name}")
    yield path(f"{kind.name}/dismiss/", views.tell_apart, about, name=f"tell-{kind.name}-apart")
    yield path(f"{kind.name}/propose-again/", views.take_back, about, name=f"propose-{kind.name}-again")


urlpatterns = [*_pages(CUSTOMERS), *_pages(CONTACTS)]
