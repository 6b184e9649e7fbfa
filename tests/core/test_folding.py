"""Spellings of the same name, and of the same domain: folded by PostgreSQL, as its indexes have them."""

import pytest
from django.db.models import TextField, Value

from core.db import folding
from core.names.companies import LEGAL_FORMS, LEGAL_FORMS_IN_FRONT
from staff.models import User

pytestmark = pytest.mark.django_db


def folded(how, text):
    User.objects.get_or_create(email="one@example.com")  # a row to ask for
    return User.objects.values_list(how(Value(text, output_field=TextField())), flat=True)[0]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Acme", "acme"),
        ("  ACME, Inc. ", "acme"),
        ("Acme (Ltd)", "acme"),
        ("Société Générale S.A.", "societegenerale"),
        ("Muller GmbH & Co. KG", "muller"),
        ("Müller", "muller"),
        ("SARL Dupont", "dupont"),
        ("L’Oréal", "loreal"),
        ("ООО «Ромашка»", "ромашка"),
        ("Ромашка, ООО", "ромашка"),
        ("РОМАШКА", "ромашка"),
        ("Kowalski Sp. z o.o.", "kowalski"),
        ("Ａｃｍｅ", "acme"),
        ("Data Dog", "datadog"),
        ("Booking.com B.V.", "bookingcom"),
        ("Limited", "limited"),  # a name of its own
        ("Costa Coffee", "costacoffee"),  # not a "co" in front
        ("株式会社", "株式会社"),
        ("&", None),
        ("", None),
    ],
)
def test_names_of_companies(name, key):
    assert folded(folding.company_name, name) == key


@pytest.mark.parametrize("form", [*LEGAL_FORMS, "GmbH", "S.A.", "a.s.", "e.V.", "UG (haftungsbeschränkt)"])
def test_a_legal_form_behind_the_name_says_nothing(form):
    assert folded(folding.company_name, f"Acme {form}") == "acme"


@pytest.mark.parametrize("form", LEGAL_FORMS_IN_FRONT)
def test_some_legal_forms_stand_in_front(form):
    assert folded(folding.company_name, f"{form.upper()} Acme") == "acme"


@pytest.mark.parametrize(
    ("name", "key"),
    [("Ann  Léa-Smith ", "ann lea smith"), ("O’Hara, Sam", "ohara sam"), ("Ann", None), ("", None), ("Ann.", None)],
)
def test_a_full_name_is_more_than_one_word(name, key):
    assert folded(folding.full_name, name) == key


@pytest.mark.parametrize(
    ("domain", "key"),
    [
        ("acme.example", "acme.example"),
        ("ACME.example.", "acme.example"),
        ("https://www.acme.example:443/de?x=y.z", "acme.example"),
        ("http://bob:secret@acme.example", "acme.example"),
        ("shop.acme.example", "shop.acme.example"),
        ("www.com", "www.com"),
        ("n/a", None),
        ("localhost", None),
        ("", None),
    ],
)
def test_hosts(domain, key):
    assert folded(folding.host, domain) == key
