"""What the search and the customer list lean on: trigrams of names, domains and e-mails, and values to filter by."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations
from django.db.models.functions import Upper


def trigrams(column, name):
    """Index a text in capitals: Django's `icontains` compares those."""
    return django.contrib.postgres.indexes.GinIndex(
        django.contrib.postgres.indexes.OpClass(Upper(column), name="gin_trgm_ops"), name=name
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_segments_snoozes_and_changes")]

    operations = [
        TrigramExtension(),
        migrations.AddIndex("customer", trigrams("name", "customer_name_trigrams")),
        migrations.AddIndex("customer", trigrams("domain", "customer_domain_trigrams")),
        migrations.AddIndex("contact", trigrams("name", "contact_name_trigrams")),
        migrations.AddIndex("contact", trigrams("email", "contact_email_trigrams")),
        migrations.AddIndex(
            "customer", django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="customer_by_tag")
        ),
    ]
