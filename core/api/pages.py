"""The description of the API, its documentation to read and try, and the answer at every other address.

All three are open: they say what the product can do, and nothing about the company that runs it.
"""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Open(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()


class Description(Open, SpectacularAPIView):
    """OpenAPI 3.1, made from the code that answers."""


class Docs(Open, SpectacularSwaggerSplitView):
    """Swagger UI from our own static files. Its script is a second answer of this address: `?script=`."""

    url_name = "api:schema"
    template_name = "api/docs.html"
    renderer_classes = [TemplateHTMLRenderer, JSONRenderer]


@extend_schema(exclude=True)
class NoSuchAddress(Open):
    """404 in the one shape of errors, where the site's own would be a page."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404

    def get(self, request: Request, address: str) -> Response:
        raise Http404
