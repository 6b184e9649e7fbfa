"""Taking the samples away again, where nothing but samples is stored: to load them by the days of another zone."""

from datetime import datetime

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef

from core import days
from core.models import Calendar, ClosedDay, Run
from customers.models import Contact, Customer, TakenAlong
from events.models import Event, Rejected, RejectedDropped, Seen, Source, SourceDay, TypeDay
from surveys.models import AddressGuard, Tally

# What belongs to no customer and says what was stored when. AddressConsent stays: only a person takes a refusal back.
_BESIDE: tuple[type[models.Model], ...] = (
    Customer, Contact, TakenAlong, Seen, SourceDay, TypeDay, Rejected, RejectedDropped, Tally, AddressGuard, ClosedDay,
    Calendar,
)  # fmt: skip
_MARKS = ("beat", "backup")  # what says that the installation is well, whatever is stored


class NotOnlySamples(Exception):
    """Something real is stored beside the samples."""


def only_samples() -> bool:
    """Return whether all that is stored came with samples, or is about a sample's customers. Two queries."""
    own = (Source.Kind.SAMPLE, Source.Kind.RECORDS)
    if SourceDay.objects.exclude(source__kind__in=own).exists():
        return False
    of_samples = Event.objects.filter(customer=OuterRef("pk"), source__kind=Source.Kind.SAMPLE)
    return not Customer.objects.filter(~Exists(of_samples)).exists()


@transaction.atomic
def clear(now: datetime) -> None:
    """Delete all customers and what is about them, and begin anew in the zone of the settings.

    Colleagues, keys, surveys, segments and models stay. Raises NotOnlySamples.
    """
    tables = ", ".join(sorted(model._meta.db_table for model in {*_BESIDE, *_of_customers()}))
    with connection.cursor() as cursor:
        # Before looking: what is stored after it would go with the rest.
        cursor.execute(f"LOCK TABLE {tables}")
        if not only_samples():
            raise NotOnlySamples
        # Without CASCADE: a table that is forgotten here makes PostgreSQL refuse, instead of losing its rows.
        cursor.execute(f"TRUNCATE {tables}")
    Run.objects.exclude(job__in=_MARKS).delete()
    Source.objects.filter(kind=Source.Kind.SAMPLE).delete()
    days.begin(now)


def _of_customers() -> set[type[models.Model]]:
    return {
        model
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if model._meta.managed and field.is_relation and field.related_model in (Customer, Contact)
    }
