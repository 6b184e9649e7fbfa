"""The company as those it writes to see it: set by admins, shown by surveys and their mails, every change listed."""

import re
from email.utils import parseaddr
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from core.web import pictures
from staff import company as companies
from staff.models import Company, CompanyChange, CompanyLogo, Role
from staff.signing_in import mails as password_mails
from surveys import lifecycle
from surveys.look import NOT_CHOSEN
from surveys.sending import mails
from tests.conftest import NOW
from tests.pages import cast
from tests.pictures import jpeg, png, webp
from tests.surveys.conftest import running

PAGE = "/settings/company/"
PLAIN = {"name": "", "colour": NOT_CHOSEN, "sender_name": "", "sender_address": ""}


@pytest.fixture(autouse=True)
def _nobody_comes_too_often(settings):
    """Time stands still, so every run of the tests comes from one network within one minute."""
    settings.SURVEY_REQUESTS_PER_MINUTE = 1_000_000_000


@pytest.fixture
def ada(begun, client):
    ada = cast.colleague("Ada", Role.ADMIN)
    client.force_login(ada)
    return ada


@pytest.fixture
def save(ada, client):
    def send(status=302, **fields):
        answer = client.post(PAGE, {**PLAIN, **fields})
        assert answer.status_code == status, answer.content.decode()
        return answer.content.decode()

    return send


def test_nothing_set_looks_as_before(begun):
    survey = running()
    mail = mails.message(survey, "kim@acme.example", "en", "token", "surveys/mail/invitation")
    assert (mail.from_email, Company.objects.count()) == ("Rapport <rapport@localhost>", 0)
    assert NOT_CHOSEN in mail.alternatives[0][0] and "<img" not in mail.alternatives[0][0]


def test_what_is_set_stands_on_mails_and_pages(save, client):
    save(
        name="Société Dupont & Fils",
        colour="#FFCC00",
        sender_address="success@dupont.example",
        logo_file=SimpleUploadedFile("logo.png", png(), "image/png"),
    )
    logo = CompanyLogo.objects.get()
    survey = running()
    mail = mails.message(survey, "kim@acme.example", "en", "token", "surveys/mail/invitation")
    html = mail.alternatives[0][0]
    assert parseaddr(mail.from_email) == ("Société Dupont & Fils", "success@dupont.example")
    assert "success@dupont.example" in str(mail.message()["From"])
    assert "Sent by Société Dupont & Fils." in mail.body and "Rapport" not in mail.body + html
    assert f'src="http://localhost:8000/s/company/{logo.digest}/"' in html and "background:#ffcc00" in html
    client.logout()
    page = client.get(f"/s/to/{survey.link}/").content.decode()
    assert f'src="/s/company/{logo.digest}/" alt="Société Dupont &amp; Fils"' in page
    assert "/s/look/ffcc00.css" in page and "Rapport" not in page
    assert "--on-brand:#111111" in client.get("/s/look/ffcc00.css").content.decode(), "white could not be read on it"


def test_without_a_logo_the_name_is_read(save, client):
    save(name="Dupont")
    page = " ".join(client.get(f"/s/to/{running().link}/").content.decode().split())
    assert '<p class="quiet">Dupont</p>' in page and re.search(r"<title>.* · Dupont</title>", page)


def test_what_a_survey_chose_itself_goes_before(save, client):
    save(name="Dupont", colour="#ffcc00", logo_file=SimpleUploadedFile("logo.png", png(), "image/png"))
    own = lifecycle.keep_logo(png(3, 3))
    page = client.get(f"/s/to/{running(colour='#006400', logo_id=own.pk).link}/").content.decode()
    assert f"/s/logo/{own.pk}/" in page and "/s/look/006400.css" in page and "/s/company/" not in page


def test_a_logo_is_served_to_strangers_by_what_it_is_and_for_ever(begun, client):
    logo = companies.keep_logo(png())
    answer = client.get(f"/s/company/{logo.digest}/")
    assert answer.content == png()
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "immutable" in answer["Cache-Control"] and "Set-Cookie" not in answer
    assert client.get(f"/s/company/{'0' * 64}/").status_code == 404


def test_mails_sent_before_go_on_showing_their_logo(save, client):
    for number in (1, 2):
        save(logo_file=SimpleUploadedFile("logo.png", png(number, 1), "image/png"))
    save(no_logo="on")
    assert Company.objects.current().logo_id is None
    assert {
        client.get(f"/s/company/{logo}/").status_code for logo in CompanyLogo.objects.values_list("pk", flat=True)
    } == {200}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"GIF89a" + bytes(20), b"<html>",
        b"\x89PNG\r\n\x1a\n", png()[:20], png() + bytes(pictures.LARGEST), png(4_001, 1), b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\0\x10" + bytes(40), jpeg(9_000, 1), webp(16_000, 1)[0], b"RIFF0000AVI " + bytes(20), b"RIFF",
    ],
)  # fmt: skip
def test_what_is_no_picture_or_too_large_is_refused(save, body):
    page = save(400, name="Dupont", logo_file=SimpleUploadedFile("logo.png", body, "image/png"))
    assert "field-error" in page and not CompanyLogo.objects.exists() and not Company.objects.exists()


@pytest.mark.parametrize("body", [png(4_000, 1), jpeg(320, 80), *webp(320, 80)])
def test_pictures_of_each_kind_are_known_by_their_bytes(body):
    pictures.kind_of(body)
    with pytest.raises(ValidationError):
        pictures.kind_of(body[:12])


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "red"}, {"colour": "#12345"}, {"colour": "#123456;}"}, {"colour": ""}, {"name": "x" * 101},
        {"sender_address": "nobody"}, {"sender_address": "a@b.example, c@d.example"}, {"sender_address": "é@b.example"},
        {"sender_address": "Ann <ann@b.example>"},
    ],
)  # fmt: skip
def test_rubbish_is_refused_beside_its_field(save, wrong):
    assert "field-error" in save(400, **wrong)
    assert not Company.objects.exists()


def test_no_name_breaks_a_mail(save):
    for name in ('Dupont, "Fils" & Co <x>', "Łódź Żółw", "名前", "a\r\nBcc: x@y.example"):
        save(name=name, sender_address="success@dupont.example")
        mail = mails.message(running(), "kim@acme.example", "en", "token", "surveys/mail/invitation")
        assert parseaddr(mail.from_email)[1] == "success@dupont.example"
        headers = mail.message()
        assert headers["Bcc"] is None and "success@dupont.example" in str(headers["From"])


def test_an_address_of_the_operators_that_is_odd_stops_no_mail(save, settings):
    settings.DEFAULT_FROM_EMAIL = "Söhne <büro@söhne.example>"
    save(name="Dupont")
    mail = mails.message(running(), "kim@acme.example", "en", "token", "surveys/mail/invitation")
    assert mail.from_email == "Dupont <büro@söhne.example>"


def test_a_widget_within_a_page_of_ones_own_does_not_say_the_name_again(save, client):
    save(name="Dupont")
    assert '<p class="quiet">Dupont</p>' not in client.get(f"/s/widget/{running().link}/").content.decode()


def test_colleagues_are_invited_in_its_name_too(save):
    assert password_mails.site_name() == "Rapport"
    save(name="Dupont")
    assert password_mails.site_name() == "Dupont"


def test_each_change_stays_listed_with_who_and_when(save, ada, client):
    save(name="Dupont", colour="#ffcc00")
    save(name="Dupont", colour="#ffcc00")  # nothing is different: no line
    save(name="Durand", colour=NOT_CHOSEN)
    lines = [(change.by, change.at, change.changes) for change in CompanyChange.objects.all()]
    assert lines == [
        (ada, NOW, {"name": ["Dupont", "Durand"], "colour": ["#ffcc00", ""]}),
        (ada, NOW, {"name": ["", "Dupont"], "colour": ["", "#ffcc00"]}),
    ]
    page = " ".join(client.get(PAGE).content.decode().split())
    assert (
        "Name: <bdi>Dupont</bdi> → <bdi>Durand</bdi>" in page and "Colour: <bdi>none</bdi> → <bdi>#ffcc00</bdi>" in page
    )


def test_of_two_admins_the_second_keeps_what_the_first_changed_and_is_asked_where_both_did(save, client):
    seen = unescape(re.search(r'name="seen" value="([^"]*)"', client.get(PAGE).content.decode())[1])
    save(name="Acme", sender_name="Ada")
    save(seen=seen, sender_name="Bo", status=400)
    assert Company.objects.current().sender_name == "Ada"
    save(seen=seen, colour="#aa0000")
    company = Company.objects.current()
    assert (company.name, company.sender_name, company.colour) == ("Acme", "Ada", "#aa0000")


@pytest.mark.parametrize("role", [Role.LEAD, Role.CSM, Role.VIEWER])
def test_only_admins_change_it(client, begun, role):
    client.force_login(cast.colleague("Lou", role))
    assert client.post(PAGE, {**PLAIN, "name": "Mine"}).status_code == 403
    assert not Company.objects.exists()
