"""Every factor is whole: read by the plain engine and by the columns, labelled, formatted, and fed by somebody."""

import pytest

from scoring import engine
from scoring.engine import DEFINITIONS, Unit
from scoring.model_versions import default_model, model_templates
from scoring.models import Factor, FactorKind
from scoring.templatetags.scores import FORMATS
from scoring.vectorised.factor_columns import LOGGED_NUMBER, FromEngagement
from scoring.vectorised.factors import COLUMNS

KINDS = sorted({*DEFINITIONS, *COLUMNS, *FactorKind.values})


def missing_files(kind, definitions=DEFINITIONS, columns=COLUMNS, labels=tuple(FactorKind.values)):
    """Return a sentence for each part that a factor lacks."""
    wanted = {
        f"Write scoring/engine/factors/{kind}.py: how one customer's {kind} is read (DEFINITION).": definitions,
        f"Write scoring/vectorised/factors/{kind}.py: the same for many customers (COLUMNS).": columns,
        f"Add {kind} with its label to FactorKind in scoring/models/factor_kind.py.": labels,
    }
    return [sentence for sentence, kinds in wanted.items() if kind not in kinds]


@pytest.mark.parametrize("kind", KINDS)
def test_a_factor_has_a_plain_file_a_twin_and_a_label(kind):
    assert not missing_files(kind), "\n".join(missing_files(kind))


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"definitions": {}}, "Write scoring/engine/factors/nps.py"),
        ({"columns": {}}, "Write scoring/vectorised/factors/nps.py"),
        ({"labels": ()}, "Add nps with its label to FactorKind"),
    ],
)
def test_what_a_factor_lacks_is_named(parts, sentence):
    (said,) = missing_files("nps", **parts)
    assert said.startswith(sentence)


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_a_twin_that_takes_a_logged_number_knows_its_name(kind):
    if COLUMNS[kind] is LOGGED_NUMBER:
        assert DEFINITIONS[kind].input_name, f"Give scoring/engine/factors/{kind}.py an input_name."


def test_factors_that_compare_engagement_are_read_when_it_is_known():
    changes = {kind for kind, factor in DEFINITIONS.items() if factor.period is engine.Period.ENGAGEMENT_CHANGE}
    assert changes == {"engagement_trend"}
    read_later = {kind for kind, columns in COLUMNS.items() if isinstance(columns, FromEngagement)}
    assert read_later == {"engagement", *changes}


def test_every_unit_is_formatted_on_pages():
    assert set(FORMATS) == set(Unit), "Say in scoring/templatetags/scores.py:FORMATS how an input of the unit reads."


def test_models_offer_every_factor_and_the_starting_ones_use_nothing_else():
    assert [value for value, _ in Factor._meta.get_field("kind").flatchoices] == FactorKind.values
    tables = [default_model.FACTORS, *model_templates.TABLES.values()]
    assert {kind for table in tables for kind in table} <= set(DEFINITIONS)
