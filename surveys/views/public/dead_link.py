"""Addresses below /s/ that have the shape of no link."""

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from surveys.views.public.decorators import dead_link, public


@public("GET", "HEAD", "POST")
def unknown_address(request: HttpRequest) -> HttpResponseBase:
    """Answer as for a link that leads nowhere.

    Some mail programs drop a slash at the end: it is put back, whatever the link is.
    """
    # Not for a POST: a redirect would lose what was sent.
    if request.method != "POST" and not request.path.endswith(("/", ".css")):
        return HttpResponseRedirect(request.get_full_path(force_append_slash=True))
    return dead_link()
