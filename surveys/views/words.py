"""What surveys are called on pages."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from customers import segments
from staff.models import User
from surveys import kinds
from surveys.models import Wave
from surveys.questionnaire.questions import Question


def scale(kind: str) -> str:
    """Say what the kind's first question is answered by."""
    if not kinds.get(kind).has_score:
        return _("No score of its own")
    low, high = kinds.get(kind).scale
    return _("Scale %(low)s to %(high)s") % {"low": low, "high": high}


def answered_by(question: Question) -> str:
    """Say how a question is answered."""
    if question.type == "rating":
        return _("Rating from %(low)s to %(high)s") % {"low": question.low, "high": question.high}
    words = {"choice": _("Single choice"), "choices": _("Multiple choice"), "text": _("Text")}
    return words[question.type]


def recipients(wave: Wave, reader: User) -> str:
    """Describe a distribution's recipients; another colleague's own segment is not named."""
    view = wave.segment
    if view is not None:
        named = view.is_shared or view.owner_id == reader.pk
        whom = _("“%(view)s”") % {"view": view} if named else _("a colleague’s own segment")
    else:
        whom = _("some customers, by a filter") if wave.query else _("all customers in trial or active")
    return _("%(whom)s, role “%(role)s”") % {"whom": whom, "role": wave.role} if wave.role else whom


def customers_of(wave: Wave) -> str:
    """Return the query by which the customer list shows a distribution's recipients; sorting stays out."""
    query = wave.segment.query if wave.segment else wave.query
    listing = segments.customer_filter().listing
    return urlencode({name: value for name, value in query.items() if name not in listing}, doseq=True)
