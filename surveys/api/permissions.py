"""Who may do what with surveys, and the survey an address names."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.api.fields import Body
from core.api.refusals import Conflict
from core.api.views import checked
from staff.api.requests import ApiRequest
from staff.models import Role
from surveys.models import Survey


def surveys() -> QuerySet[Survey]:
    rows: QuerySet[Survey] = Survey.objects.select_related("owner")
    return rows


def survey_of(pk: int) -> Survey:
    return get_object_or_404(surveys(), pk=pk)


def for_makers(request: ApiRequest) -> None:
    """Admins, leads and the company itself make and start surveys. Raises PermissionDenied."""
    if request.user.role not in (Role.ADMIN, Role.LEAD):
        raise PermissionDenied


def without_words(request: ApiRequest) -> None:
    """Refuse any field sent to an act that takes none, and a body that is not JSON. Raises ValidationError."""
    # Otherwise a misspelt or misplaced field would be taken as done.
    checked(Body(data=request.data))


# Not 403: nobody's role would help, the survey itself promises it.
class InConfidence(Conflict):
    default_code = "in_confidence"
