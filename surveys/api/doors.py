"""Who may do what with surveys, and the survey an address names."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from engagement_site.api.fields import Body
from engagement_site.api.refusals import Conflict
from engagement_site.api.views import Asked, checked
from staff.models import Role
from surveys.models import Survey


def surveys() -> QuerySet[Survey]:
    found: QuerySet[Survey] = Survey.objects.select_related("owner")
    return found


def survey_of(pk: int) -> Survey:
    return get_object_or_404(surveys(), pk=pk)


def for_makers(request: Asked) -> None:
    """Admins, leads and the company itself make and start surveys. Raises PermissionDenied."""
    if request.user.role not in (Role.ADMIN, Role.LEAD):
        raise PermissionDenied


def without_words(request: Asked) -> None:
    """Refuse what is sent along to an act that takes nothing, also what is no JSON. Raises ValidationError."""
    checked(Body(data=request.data))


class InConfidence(Conflict):
    default_code = "in_confidence"
