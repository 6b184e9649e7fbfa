"""What surveys are called on pages."""

from urllib.parse import urlencode

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.templatetags.show import number
from customers import segments
from staff.models import User
from surveys.models import Kind, Rule, Wave
from surveys.questionnaire.questions import SCALES, Question

# What each of starters.TEMPLATES is good for
PURPOSES: dict[str, Promise] = {
    "nps": gettext_lazy("How the relationship stands as a whole. Ask everybody, a share a day, once or twice a year."),
    "csat": gettext_lazy("Whether one contact with support went well. Ask a day after a ticket is solved."),
    "effort": gettext_lazy("Whether it was easy: hard work drives customers away sooner than anything else."),
    "support-effort": gettext_lazy("Where support costs effort: reaching you, waiting, getting it solved."),
    "cxi": gettext_lazy("The experience taken apart: effort, empathy, understanding, effectiveness."),
    "onboarding": gettext_lazy("How the start went, and what is missing. Ask after the event that ends onboarding."),
    "renewal": gettext_lazy("What has to change while there is time. Ask two months before the renewal."),
    "free": gettext_lazy("Anything else: ratings, choices, texts. It has no score of its own."),
}


def scale(kind: str) -> str:
    """Say what the kind's first question is answered by."""
    if Kind(kind) not in SCALES:
        return _("No score of its own")
    low, high = SCALES[Kind(kind)]
    return _("Scale %(low)s to %(high)s") % {"low": low, "high": high}


def answered_by(question: Question) -> str:
    """Say how a question is answered."""
    if question.type == "rating":
        return _("Rating from %(low)s to %(high)s") % {"low": question.low, "high": question.high}
    words = {"choice": _("One of several"), "choices": _("Any of several"), "text": _("Text")}
    return words[question.type]


def rule(wave: Wave) -> str:
    """Say when a sending asks."""
    if wave.rule == Rule.DRIP:
        said = ngettext("A share each day, over %(n)s day", "A share each day, over %(n)s days", wave.days)
        return said % {"n": number(wave.days)}
    hours = ngettext("%(n)s hour after", "%(n)s hours after", wave.delay_hours) % {"n": number(wave.delay_hours)}
    if wave.rule == Rule.TICKET:
        return _("%(hours)s a ticket is solved") % {"hours": hours}
    if wave.rule == Rule.EVENT:
        return _("%(hours)s “%(event)s”") % {"hours": hours, "event": wave.event_type}
    if wave.rule == Rule.RENEWAL:
        days = ngettext("%(n)s day before a renewal", "%(n)s days before a renewal", wave.before_days)
        return days % {"n": number(wave.before_days)}
    return _("Everybody, once")


def recipients(wave: Wave, reader: User) -> str:
    """Say to whom a sending goes; another colleague's own saved view is not named."""
    view = wave.segment
    if view is not None:
        named = view.is_shared or view.owner_id == reader.pk
        whom = _("“%(view)s”") % {"view": view} if named else _("a colleague’s own segment")
    else:
        whom = _("some customers, by a filter") if wave.query else _("all customers in trial or active")
    return _("%(whom)s, role “%(role)s”") % {"whom": whom, "role": wave.role} if wave.role else whom


def customers_of(wave: Wave) -> str:
    """Return the query by which the customer list shows whom a sending goes to; how it is listed stays out."""
    query = wave.segment.query if wave.segment else wave.query
    listing = segments.customer_filter().listing
    return urlencode({name: value for name, value in query.items() if name not in listing}, doseq=True)


def reaches_people() -> bool:
    """Whether mail leaves this installation at all: with nothing configured it is written to files."""
    return not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
