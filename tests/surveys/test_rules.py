"""Each sending rule is complete: a page can offer it, say it in words, and find who is due."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from surveys.forms.sending import SendForm
from surveys.models import Wave
from surveys.sending import rules

NOW = datetime(2026, 11, 29, 10, 47, tzinfo=UTC)
CSS = Path("static/css/pages.css")


@pytest.mark.django_db
@pytest.mark.parametrize("rule", rules.RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_is_complete(rule):
    assert missing(rule) == []


def missing(rule):
    """Return what a rule lacks, in sentences."""
    columns = {field.name for field in Wave._meta.get_fields()}
    wave = Wave(rule=rule.name, starts_at=NOW, sees_all=True)
    lacks = {
        "Its name is longer than 10 characters, which the column does not hold.": len(rule.name) > 10,
        "It needs fields that Wave does not have.": not set(rule.fields) <= columns,
        "It needs fields that the form does not offer.": not set(rule.fields) <= set(SendForm.base_fields),
        f"{CSS} does not show its fields: add .for-{rule.name} there.": bool(rule.fields)
        and f'[value="{rule.name}"]:checked) .for-{rule.name}' not in CSS.read_text(),
        "It has no words.": not rule.words(wave),
        "It is spread over days, but also waits for occasions.": rule.is_spread and rule.is_continuous,
        "Its query must return pairs of contact and occasion.": rule.due is not None
        and [len(pair) for pair in rule.due(wave, NOW)] not in ([], [2]),
    }
    return [sentence for sentence, is_lacking in lacks.items() if is_lacking]


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("once", "once"),
        ("drip", "2026-11-29"),
        ("ticket", "2026-11-29T10:45:00+00:00"),
        ("event", "2026-11-29T10:00:00+00:00"),
        ("renewal", "2026-11-29T10:00:00+00:00"),
    ],
)
def test_a_distribution_is_worked_once_in_each_period_of_its_rule(name, period):
    assert rules.get(name).period(NOW) == period
