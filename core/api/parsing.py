"""Bodies in JSON, within bounds: what jsonb could not hold, or Python could not read, is refused here."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from core.api.refusals import TooLarge

MOST = 1024 * 1024  # bytes


class Json(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(MOST + 1)
        if len(raw) > MOST:
            raise TooLarge(_("The body is larger than 1 MB."))
        try:
            # Some tools write a byte order mark, which JSON forbids (RFC 8259, 8.1).
            value = orjson.loads(raw.removeprefix(BOM_UTF8))
        except orjson.JSONDecodeError:
            raise ParseError(_("The body is not valid JSON."), "invalid_json") from None
        if not isinstance(value, dict):
            raise ParseError(_("The body must be a JSON object."), "invalid_json")
        return value
