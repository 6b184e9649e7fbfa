"""How the pages look: a colour, as a style sheet because no page has styles of its own; and logos."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from staff.models import CompanyLogo
from surveys.models import Logo
from surveys.questionnaire import colours
from surveys.views.public.decorators import dead_link, public

# A colour and a digest name their content, so what an address answers never changes.
FOR_EVER = "public, max-age=31536000, immutable"
_COLOUR = re.compile(r"[0-9a-f]{6}")


# Counted apart: every page loads these too, and they would use up a person's requests for pages.
@public("GET", "HEAD", counted_as="look")
def colour(request: HttpRequest, colour: str) -> HttpResponseBase:
    if not _COLOUR.fullmatch(colour):
        return dead_link()
    shades = colours.shades(f"#{colour}")
    rules = f":root{{--brand:{shades['colour']};--on-brand:{shades['ink']}}}"
    return HttpResponse(rules, content_type="text/css", headers={"Cache-Control": FOR_EVER})


@public("GET", "HEAD", counted_as="look")
def logo(request: HttpRequest, digest: str) -> HttpResponseBase:
    return _picture(Logo.objects.filter(digest=digest).first())


@public("GET", "HEAD", counted_as="look")
def company_logo(request: HttpRequest, digest: str) -> HttpResponseBase:
    """Show a logo that the company has or had: mails sent before it changed go on showing theirs."""
    return _picture(CompanyLogo.objects.filter(digest=digest).first())


def _picture(image: Logo | CompanyLogo | None) -> HttpResponseBase:
    if image is None:
        return dead_link()
    return HttpResponse(bytes(image.body), content_type=image.kind, headers={"Cache-Control": FOR_EVER})
