from django.shortcuts import get_object_or_404

from customers.models import Customer
from staff.api.requests import ApiRequest


def visible_customer(request: ApiRequest, pk: int) -> Customer:
    """Return the customer; 404 when there is none that who asks may see. One query."""
    return get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
