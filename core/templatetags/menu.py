"""Where in the menu a page stands."""

from django import template

register = template.Library()


@register.filter
def within(path: str, beginnings: str) -> bool:
    """Say whether a path begins with one of several, separated by spaces."""
    return path.startswith(tuple(beginnings.split()))
