"""How survey pages are asked for: all colleagues read, those who may act send, admins and leads make surveys."""

from django.views.decorators.http import require_http_methods

from staff.requests import StaffRequest

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def is_confirmed(request: StaffRequest) -> bool:
    """Whether the page's confirming button was pressed: a POST alone, such as a replayed one, does not confirm."""
    return request.method == "POST" and request.POST.get("sure") == "yes"
