from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from surveys.views.public.decorators import nowhere, public


@public("GET", "HEAD", "POST")
def lost(request: HttpRequest) -> HttpResponseBase:
    """Answer an address that has the shape of no link as one that leads nowhere.

    Some mail programs drop a slash at the end: it is put back, whatever the link is.
    """
    if request.method != "POST" and not request.path.endswith(("/", ".css")):
        return HttpResponseRedirect(request.get_full_path(force_append_slash=True))
    return nowhere()
