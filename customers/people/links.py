"""What names a contact in models above this app: it follows when the contact becomes another one."""

from collections.abc import Iterator

from django.db.models import SET_NULL, ManyToOneRel, Model

from customers.models import Contact


def of_contacts() -> Iterator[tuple[type[Model], str]]:
    """Yield model and column of each link that would be emptied with the contact."""
    # Hidden ones, too: most have no name for the way back.
    for link in Contact._meta.get_fields(include_hidden=True):
        if isinstance(link, ManyToOneRel) and link.on_delete is SET_NULL:
            assert link.related_model is not None
            yield link.related_model, link.field.attname
