"""Sendings: whom a survey asks and by which rule, set up and ended. `surveys.sending.dispatch` does the asking."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.days import utc_day
from surveys.lifecycle import NotNow
from surveys.models import Rule, Survey, Wave

STEADY = (Rule.DRIP, Rule.TICKET, Rule.EVENT, Rule.RENEWAL)


@transaction.atomic
def begin(wave: Wave, *, now: datetime) -> Wave:
    """Let an unsaved sending begin now. Raises NotNow when its survey takes no answers."""
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=wave.survey_id)
    if not survey.takes_answers(utc_day(now)):
        raise NotNow(_("Only what runs can be sent. Start the survey first."))
    wave.starts_at = now
    wave.save(force_insert=True)
    return wave


def end(wave: Wave, *, now: datetime) -> bool:
    """Ask nobody any more by this sending; who has the mail may still answer. Tell whether it was not over before."""
    return bool(Wave.objects.filter(pk=wave.pk, ended_at=None).update(ended_at=now))
