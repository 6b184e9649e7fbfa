"""The index of what is searched in; then the one goes that the release before searched by."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations
from django.db.models import F

from core.db.index_operations import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # as making an index beside writers needs

    dependencies = [
        ("surveys", "0007_search_is_filled"),
    ]

    operations = [
        AddIndexConcurrently(
            "answer", GinIndex(OpClass(F("search"), name="gin_trgm_ops"), name="answer_search_trigrams")
        ),
        RemoveIndexConcurrently("answer", "answer_comment_trigrams"),
    ]
