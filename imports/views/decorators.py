from django.shortcuts import get_object_or_404

from imports.models import Import
from staff.requests import StaffRequest


def job_of(request: StaffRequest, pk: int) -> Import:
    return get_object_or_404(Import.objects.visible_to(request.user).select_related("by"), pk=pk)
