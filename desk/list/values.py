"""Which plans, industries, countries and tags are in use: what the filter suggests. Asked for when it unfolds."""

from django.db.models import Func
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.web.htmx import render_part
from customers.models import Customer
from staff.requests import StaffRequest

MOST = 200
LABELS = {"plan": _("Plan"), "industry": _("Industry"), "country": _("Country"), "tag": _("Tag")}


@require_safe
def values(request: StaffRequest) -> HttpResponse:
    visible = Customer.objects.visible_to(request.user).known().order_by()
    tags = visible.annotate(tag=Func("tags", function="unnest")).values_list("tag", flat=True)
    # A query for each list, and at most MOST values: they are suggestions, any other value can be typed.
    lists = [
        (
            name,
            label,
            sorted(
                (tags if name == "tag" else visible.exclude(**{name: ""}).values_list(name, flat=True)).distinct()[
                    :MOST
                ]
            ),
        )
        for name, label in LABELS.items()
    ]
    return render_part(request, "desk/list/values.html", "choices", {"lists": lists})
