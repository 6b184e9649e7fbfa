"""A sparkline is drawn alike in every language: a decimal comma is no number in SVG."""

import re

import pytest
from django.template import Context, Template
from django.utils import translation

VALUES = [1_000, None, 3_300, 4_750]


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_its_numbers_have_a_decimal_point_in_every_language(language):
    with translation.override(language):
        drawn = Template("{% load scores %}{% health_trend values %}").render(Context({"values": VALUES}))
    places = re.findall(r'c[xy]="([^"]+)"', drawn)
    assert len(places) == 2
    assert all(re.fullmatch(r"\d+(\.\d+)?", place) for place in places), places
