"""A sparkline is drawn alike in every language: a decimal comma is no number in SVG."""

import re
from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

from scoring.explain.trends import Trend

VALUES = [1_000, None, 3_300, 4_750]


def trend(*, versions):
    return Trend(date(2026, 6, 1), engagement=VALUES, health=VALUES, versions=versions)


def drawn(trend):
    return Template("{% load scores %}{% health_trend trend %}").render(Context({"trend": trend}))


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_its_numbers_have_a_decimal_point_in_every_language(language):
    with translation.override(language):
        svg = drawn(trend(versions=[1, 1, 1, 1]))
    places = re.findall(r'c[xy]="([^"]+)"', svg)
    assert len(places) == 2
    assert all(re.fullmatch(r"\d+(\.\d+)?", place) for place in places), places


def test_no_line_joins_two_versions_and_the_change_is_marked_and_said():
    svg = drawn(trend(versions=[1, None, 1, 2]))
    assert [points.count(",") for points in re.findall(r'points="([^"]+)"', svg)] == [1, 1, 1]
    assert "Model changed on 4 Jun" in svg
    assert "since the model changed on 4 Jun: from 47 to 47" in svg
    whole = drawn(trend(versions=[1, None, 1, 1]))
    assert [points.count(",") for points in re.findall(r'points="([^"]+)"', whole)] == [1, 2]
    assert "odel changed" not in whole
