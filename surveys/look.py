"""How a survey looks to those who answer it: as it says itself, else as the company looks."""

from dataclasses import dataclass

from django.urls import reverse

from staff.models import Company
from surveys.models import Survey

# A survey has a colour from the first; this one says that nobody chose another.
NOT_CHOSEN = Survey._meta.get_field("colour").default


@dataclass(frozen=True, slots=True)
class Look:
    colour: str
    logo: str  # a path; empty: none
    company: str  # its name; empty: not known


def look(survey: Survey, company: Company) -> Look:
    """Return a survey's look. No query."""
    colour = company.colour if company.colour and survey.colour == NOT_CHOSEN else survey.colour
    return Look(colour, _logo(survey, company), company.name)


def _logo(survey: Survey, company: Company) -> str:
    if survey.logo_id:
        return reverse("answer:logo", args=[survey.logo_id])
    return reverse("answer:company-logo", args=[company.logo_id]) if company.logo_id else ""
