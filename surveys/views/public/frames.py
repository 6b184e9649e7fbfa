"""Pages inside other sites: only on those that the survey names."""

from django.http import HttpResponse

from surveys.models import Survey


def allow(answer: HttpResponse, survey: Survey) -> HttpResponse:
    """Let the survey's own sites show this page in a frame, and nobody else."""
    answer._csp_replace = {"frame-ancestors": [*survey.widget_origins] or ["'none'"]}  # type: ignore[attr-defined] # django-csp's
    answer.xframe_options_exempt = True  # knows one site at most; the policy above rules
    return answer
