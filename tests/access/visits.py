"""The concrete paths behind all addresses, and what answers there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.http import HttpResponseBase

from tests.access.addresses import Address, everywhere
from tests.access.fingerprint import fingerprint

SIGN_IN = "/sign-in/"

NO_EXAMPLE = (
    "{name} ({route}) has parts, and nothing to put into them. Add it to `examples` in tests/access/conftest.py."
)

Examples = Mapping[str, Mapping[str, Mapping[str, Any]]]


def visits(examples: Examples) -> Iterator[tuple[str, str]]:
    """Yield what each visit is called in the table, and its path. Nothing is skipped."""
    for address in everywhere():
        for what, values in _values(address, examples).items():
            yield (f"{address.name}, {what}" if what else address.name), address.filled(values)


def _values(address: Address, examples: Examples) -> Mapping[str, Mapping[str, Any]]:
    if not address.parts:
        return {"": {}}
    if address.name in examples:
        return examples[address.name]
    if address.route.startswith("admin/") and address.parts == ["object_id"]:
        return {"": {"object_id": object_of(address.route).pk}}
    raise AssertionError(NO_EXAMPLE.format(name=address.name, route=address.route))


def object_of(route: str) -> Any:
    """Return the newest object of the model an admin route names, such as `admin/core/run/<path:object_id>/change/`."""
    _admin, app, model, *_rest = route.split("/")
    return apps.get_model(app, model)._default_manager.order_by("pk").last()


@dataclass
class Walk:
    """What somebody got who opened every address."""

    answers: dict[tuple[str, str], str] = field(default_factory=dict)  # (name, path) → status, or "sign-in"
    pages: dict[str, str] = field(default_factory=dict)  # path → HTML
    written: list[str] = field(default_factory=list)  # tables that were not the same afterwards


def walk(browser: Any, examples: Examples) -> Walk:
    made, before = Walk(), fingerprint()
    for name, path in visits(examples):
        response: HttpResponseBase = browser.get(path)
        if is_page(response):
            made.pages[path] = response.content.decode()
        made.answers[name, path] = _answer(browser, response)
    made.written = [table for table, digest in fingerprint().items() if digest != before[table]]
    return made


def is_page(response: HttpResponseBase) -> bool:
    return not response.streaming and bool(response.content) and response["Content-Type"].startswith("text/html")


def _answer(browser: Any, response: HttpResponseBase) -> str:
    """Return how a GET is answered: its status, or `sign-in` when that is where it leads."""
    if response.status_code == 302 and response["Location"].startswith("/admin/login/"):
        response = browser.get(response["Location"])
    leads_to_sign_in = response.status_code == 302 and response["Location"].startswith(SIGN_IN)
    return "sign-in" if leads_to_sign_in else str(response.status_code)
