"""The indexes of what is searched in; then those go that the release before searched by."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q

from core.db.index_operations import AddIndexConcurrently


def trigrams(column, name):
    return GinIndex(OpClass(F(column), name="gin_trgm_ops"), name=name)


class Migration(migrations.Migration):
    atomic = False  # as making an index beside writers needs

    dependencies = [
        ("customers", "0023_search_is_filled"),
    ]

    operations = [
        AddIndexConcurrently("customer", trigrams("search", "customer_search_trigrams")),
        AddIndexConcurrently("customer", trigrams("labels", "customer_labels_trigrams")),
        AddIndexConcurrently("contact", trigrams("search", "contact_search_trigrams")),
        AddIndexConcurrently(
            "identity",
            models.Index(
                OpClass("search", name="text_pattern_ops"),
                name="identity_by_search",
                condition=Q(search__isnull=False),
            ),
        ),
        RemoveIndexConcurrently("customer", "customer_name_trigrams"),
        RemoveIndexConcurrently("customer", "customer_domain_trigrams"),
        RemoveIndexConcurrently("contact", "contact_name_trigrams"),
        RemoveIndexConcurrently("contact", "contact_email_trigrams"),
    ]
