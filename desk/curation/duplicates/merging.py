from typing import Any

from django.urls import reverse

from customers.models import Customer


def merge_page(kept: Any, gone: Any) -> str:
    """Return where two customers, or two contacts, are looked at and merged."""
    name = "desk:merge-customers" if isinstance(kept, Customer) else "desk:merge-contacts"
    return f"{reverse(name, args=[kept.pk])}?with={gone.pk}"
