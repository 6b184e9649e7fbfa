from rest_framework.permissions import SAFE_METHODS


def scope_of(area: str, method: str) -> str:
    """Return the scope a method on an area takes: `customers:read`."""
    return f"{area}:{'read' if method in SAFE_METHODS else 'write'}"
