"""Icons as inline SVG: the `lucide` tag of the package of that name, which settings replace by this one.

The package reads and writes XML anew each time, and a list draws a hundred icons; here each is drawn once in a process.
"""

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide as draw

register = template.Library()


@register.simple_tag
def lucide(name: str, *, size: int | None = 24, **attributes: object) -> str:
    return _drawn(name, size=size, **attributes)


_drawn = lru_cache(maxsize=512)(draw)
