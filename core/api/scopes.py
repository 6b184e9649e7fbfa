from typing import Any

from rest_framework.permissions import SAFE_METHODS


def scope_of(area: str, method: str) -> str:
    """Return the scope a method on an area takes: `customers:read`."""
    return f"{area}:{'read' if method in SAFE_METHODS else 'write'}"


def area_of(view: Any, method: str) -> str:
    """Return a view's area for the method; "" where any key will do."""
    writes: str = getattr(view, "area_of_writes", "") if method not in SAFE_METHODS else ""
    return writes or getattr(view, "area", "")
