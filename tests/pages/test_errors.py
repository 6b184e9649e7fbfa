"""Error pages are friendly, translated, and need neither a database nor somebody signed in."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import path
from django.utils import translation

from engagement_site.urls import urlpatterns as ours


@login_not_required
def fail(request):
    raise {"400": BadRequest, "403": PermissionDenied, "500": RuntimeError}[request.GET["with"]]


urlpatterns = [*ours, path("fail/", fail)]


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (400, "This address does not work"),
        (403, "You do not have access to this page"),
        (500, "Something went wrong on our side"),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_what_fails_says_so_kindly_without_a_database(status, title):
    response = Client(raise_request_exception=False).get("/fail/", {"with": status})
    assert response.status_code == status
    assert title in response.content.decode()


def test_a_page_that_is_not_there_says_so(client):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_an_expired_form_says_so_without_a_database():
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


@pytest.mark.parametrize("template", ["400", "403", "403_csrf", "404", "500"])
@pytest.mark.parametrize("language", ["fr", "ru"])
def test_error_pages_speak_the_readers_language(template, language):
    english = render_to_string(f"{template}.html")
    with translation.override(language):
        said = render_to_string(f"{template}.html")
    assert f'<html lang="{language}">' in said
    assert "Rapport" in said
    heading = english[english.index("<h1>") : english.index("</h1>")]
    assert heading not in said
