"""What a browser does with the admin's pages: read what they say, send a form back as it stands but for some fields."""

import re
from typing import Any


def seen(response: Any) -> str:
    """Return the page's text as a person reads it: no tags, white space folded."""
    assert response.status_code == 200, (response.status_code, response.get("Location"))
    page = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def as_it_stands(response: Any) -> dict[str, Any]:
    """Return what a browser would send if the change page's form were saved untouched."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent = {}
    for field in (field for form in forms for field in form):
        value = field.value()
        if value is not False:
            sent[field.html_name] = "" if value is None else value
    return sent


def said(response: Any) -> list[str]:
    """Return the messages at the top of the page."""
    return [str(message) for message in response.context["messages"]]
