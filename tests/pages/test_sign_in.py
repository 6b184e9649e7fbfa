import pytest
from django.urls import reverse

from staff.models import Role
from tests.pages import cast

SIGN_IN = "/sign-in/"


@pytest.fixture
def jonas(db):
    return cast.colleague("Jonas", Role.LEAD)


def sign_in(client, email, password=cast.PASSWORD, **more):
    return client.post(SIGN_IN, {"username": email, "password": password, **more})


def test_a_colleague_signs_in_with_the_e_mail_in_any_case_and_lands_on_the_at_risk_list(client, jonas):
    assert sign_in(client, "JONAS@Example.com")["Location"] == "/today/"


def test_signing_in_goes_on_to_the_page_that_was_asked_for_but_never_to_a_stranger(client, jonas):
    assert sign_in(client, jonas.email, next="/customers/")["Location"] == "/customers/"
    client.logout()
    assert sign_in(client, jonas.email, next="https://evil.example/")["Location"] == "/today/"


@pytest.mark.parametrize(("email", "password"), [("jonas@example.com", "wrong"), ("nobody@example.com", "wrong")])
def test_a_wrong_password_and_an_unknown_colleague_hear_the_same(client, jonas, email, password):
    answer = sign_in(client, email, password).content.decode()
    assert "This e-mail and password do not go together." in answer


def test_who_may_not_sign_in_any_more_hears_the_same_too(client, jonas):
    type(jonas).objects.update(is_active=False)
    assert "do not go together" in sign_in(client, jonas.email).content.decode()


def test_a_nul_character_is_a_wrong_e_mail_not_an_error(client, db):
    assert sign_in(client, "a\0@example.com").status_code == 200


def test_signing_out_takes_a_post_and_ends_at_the_sign_in_page(client, jonas):
    client.force_login(jonas)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == SIGN_IN
    assert client.get("/customers/")["Location"] == "/sign-in/?next=/customers/"


@pytest.mark.parametrize("path", ["/", "/at-risk/", "/customers/", "/customers/1/", "/admin/"])
def test_strangers_are_sent_to_sign_in(client, db, path):
    response = client.get(path, follow=True)
    assert response.redirect_chain[-1][0].startswith(SIGN_IN)


def test_the_admin_has_no_door_of_its_own(client, db):
    response = client.get("/admin/login/?next=/admin/")
    assert response["Location"] == "/sign-in/?next=/admin/"


def test_the_start_page_is_today(client, jonas):
    client.force_login(jonas)
    assert client.get("/")["Location"] == reverse("desk:today")


def test_anybody_may_choose_a_language_and_it_stays(client, db):
    assert client.get("/language/").status_code == 302
    client.post("/language/", {"language": "fr", "next": SIGN_IN})
    answer = client.get(SIGN_IN).content.decode()
    assert '<html lang="fr">' in answer
    assert "Se connecter" in answer


def test_reading_the_language_address_changes_nothing(client, db):
    client.get("/language/?language=fr")
    assert '<html lang="en">' in client.get(SIGN_IN).content.decode()


def test_only_admins_are_offered_the_administration(client, jonas, begun):
    client.force_login(jonas)
    assert "Administration" not in client.get("/settings/").content.decode()
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    assert "Administration" in client.get("/settings/").content.decode()
