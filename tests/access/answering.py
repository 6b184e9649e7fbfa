"""What the pages that need no sign-in are opened with: a personal link, a public one, and how they look."""

from typing import Any

from customers.models import Contact
from staff.models import CompanyLogo
from surveys import lifecycle
from surveys.models import Via
from surveys.sending import invitations
from tests.conftest import NOW
from tests.pictures import png


def pages() -> dict[str, dict[str, dict[str, Any]]]:
    survey = lifecycle.start(lifecycle.create("nps", now=NOW, by=None), now=NOW)
    asked = Contact.objects.exclude(name="").order_by("pk")[:1]
    token = {"": {"token": invitations.invite(survey, asked, via=Via.LINK, now=NOW)[0].token}}
    link, nothing = {"": {"link": survey.link}}, {"of nobody": {"token": "nothing", "link": "nothing"}}
    logo = lifecycle.keep_logo(png())
    of_company = CompanyLogo.objects.create(digest="c" * 64, kind="image/png", body=png())
    return {
        "answer:answer": {**token, **nothing},
        "answer:unsubscribe": {**token, **nothing},
        "answer:started": token,
        "answer:to": {**link, **nothing},
        "answer:widget": link,
        "answer:colour": {"": {"colour": survey.colour.removeprefix("#")}},
        "answer:logo": {"": {"digest": logo.digest}},
        "answer:company-logo": {"": {"digest": of_company.digest}},
    }
