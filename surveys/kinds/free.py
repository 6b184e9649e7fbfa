"""Own questions: ratings, choices and texts without a score."""

from django.utils.translation import gettext_lazy as _

from surveys.kinds.base import SurveyKind
from surveys.kinds.template import Template, TemplateQuestion


class Free(SurveyKind):
    name = "free"
    label = _("Own questions")
    template = Template(
        "free", _("Own questions"), "free",
        _("Anything else: ratings, choices, texts. It has no score of its own."),
        _("A question"), _("A question for you"), "",
        (TemplateQuestion("question", _("What is the one thing we should improve?"), is_required=True),),
    )  # fmt: skip
