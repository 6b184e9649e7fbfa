"""The legal basis of a survey, worded for its recipients (GDPR, articles 6 and 13)."""

from django.utils.translation import gettext as _

from surveys.models import Basis, Survey


def why(survey: Survey) -> str:
    """Return one sentence in the reader's language."""
    if survey.basis == Basis.CONSENT:
        return _("You are asked because you agreed to be (consent).")
    if survey.basis == Basis.CONTRACT:
        return _("You are asked as agreed in our contract with you.")
    return _("You are asked because we want to serve you well (legitimate interest).")
