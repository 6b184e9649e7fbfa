"""Event types by the names that readers know."""

from django import template

from events import catalogue

register = template.Library()


@register.filter
def event_name(name: str) -> str:
    return catalogue.label(name)
