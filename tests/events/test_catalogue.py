"""The built-in event types are named in the reader's language on pages, and only there."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from events import catalogue
from events.models import Channel, EventType


def test_the_names_that_ingest_knows_are_in_the_catalogue():
    assert {EventType.PAGE_VIEWED, EventType.SCREEN_VIEWED} <= catalogue.NAMES
    assert len(catalogue.NAMES) == len(catalogue.CATALOGUE), "each name once"


@pytest.mark.parametrize("language", ["fr", "ru"])
@pytest.mark.parametrize("name", sorted(catalogue.NAMES))
def test_each_built_in_name_is_translated(name, language):
    with translation.override(language):
        assert catalogue.label(name) != name


def test_a_name_that_an_admin_gave_is_never_translated():
    with translation.override("fr"):
        assert catalogue.label("Payment failed") == "Échec de paiement"
        assert catalogue.label("payment failed") == "payment failed"
        assert catalogue.label("Customer") == "Customer", "a message of the catalogues, but no built-in event type"


def test_pages_show_the_translated_name():
    types = [EventType(name=name, channel=Channel.BILLING) for name in ("Invoice paid", "Refund asked for")]
    rows = [{"event_type": event_type, "engagement": 0, "health": None} for event_type in types]
    with translation.override("fr"):
        page = render_to_string("scoring/next_event_effect_rows.html", {"rows": rows})
    assert "Facture payée" in page
    assert "Refund asked for" in page
    assert "Invoice paid" not in page
