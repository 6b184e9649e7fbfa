"""manage.py recount_survey: daily counts are rebuilt from the answers."""

import pytest
from django.core.management import CommandError, call_command

from surveys.models import Tally
from tests.surveys.conftest import running
from tests.surveys.results.conftest import answered


def scores(survey):
    return dict(Tally.objects.filter(survey=survey, name="score").values_list("value", "count"))


def test_wrong_counts_are_put_right_and_other_surveys_keep_theirs(begun):
    survey, other = running(), running(name="Other")
    answered(survey, 9, 9, 2)
    answered(other, 10, start=50)
    Tally.objects.filter(name="score").update(count=7)
    call_command("recount_survey", survey.pk)
    assert scores(survey) == {"9": 2, "2": 1}
    assert scores(other) == {"10": 7}


def test_an_unknown_survey_is_named(db):
    with pytest.raises(CommandError, match="There is no survey 404"):
        call_command("recount_survey", 404)
