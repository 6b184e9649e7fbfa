"""Handing a book over: everybody whom a filter selects gets another owner, after a page that says whom it is about."""

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from desk.list.bulk import MOST, NAMED
from desk.list.bulk_forms import OwnerForm
from desk.list.filters import CustomerFilter
from desk.list.handover import hand_over, preview
from desk.profile.form_page import ask_or_save
from staff.requests import StaffRequest, acts


@ask_or_save
@acts
def reassign(request: StaffRequest) -> HttpResponseBase:
    """Show the book and ask for its new owner; hand it over when the number that was shown is still right."""
    query = request.GET.urlencode()
    customers = _book(request)
    about = preview(customers)
    form = OwnerForm(request.POST if request.method == "POST" else None)
    is_too_many = about.followed + about.left > MOST
    if form.is_bound and form.is_valid() and not is_too_many:
        with_left = form.cleaned_data["with_left"]
        # When it selects more or fewer by now, the page is shown again.
        if request.POST.get("confirmed") == f"{about.followed}+{about.left}":
            changed = hand_over(
                request, customers, form.cleaned_data["owner"], with_left=with_left, now=timezone.now(), by=request.user
            )
            if not changed:
                messages.success(request, _("Nothing had to be changed."))
            return redirect(reverse("desk:portfolio"))
        messages.warning(request, _("The customers have changed meanwhile. Check the numbers again."))
    names = list(customers.order_by("name", "pk").values_list("name", flat=True)[:NAMED])
    context = {
        "form": form,
        "about": about,
        "names": names,
        "others": about.followed + about.left - len(names),
        "query": query,
        "most": MOST,
        "is_too_many": is_too_many,
    }
    return render(request, "desk/portfolio/reassign.html", context)


def _book(request: StaffRequest) -> CustomerQuerySet:
    """Return whom the address selects, those who left too; nobody for a filter that is not valid, or none."""
    visible = Customer.objects.visible_to(request.user).known()
    parts = []
    for followed in ("yes", "no"):
        query = QueryDict(request.GET.urlencode(), mutable=True)
        query["followed"] = followed
        parts.append(CustomerFilter(query, queryset=visible).qs.order_by().values("pk"))
    return visible.filter(pk__in=parts[0].union(parts[1])) if request.GET else visible.none()
