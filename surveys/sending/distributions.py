"""Starting and ending survey distributions; `dispatch` asks the contacts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.days import business_day
from surveys.lifecycle import InvalidState
from surveys.models import Survey, Wave


@transaction.atomic
def begin(wave: Wave, *, now: datetime) -> Wave:
    """Save a new distribution, which begins now. Raises InvalidState when its survey takes no answers.

    The survey's row is locked, so that one that is closed at the same moment does not begin to ask.
    """
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=wave.survey_id)
    if not survey.takes_answers(business_day(now)):
        raise InvalidState(_("Only a running survey can be sent. Start it first."))
    wave.starts_at = now
    wave.save(force_insert=True)
    return wave


def end(wave: Wave, *, now: datetime) -> bool:
    """Ask nobody any more; contacts who have the mail may still answer. Return whether it was running until now."""
    return bool(Wave.objects.filter(pk=wave.pk, ended_at=None).update(ended_at=now))
