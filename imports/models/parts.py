"""What belongs to one import, and goes when it is done: the file, its rows, the customers it reached."""

from django.db import models
from django.db.models import Q

from imports.models.import_ import Import


class FilePart(models.Model):
    """A piece of the file as it came. In PostgreSQL, because any worker on any machine may go on with it."""

    pk = models.CompositePrimaryKey("of_id", "position")
    of = models.ForeignKey(Import, on_delete=models.CASCADE, db_index=False, related_name="parts")
    position = models.PositiveIntegerField()
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.of_id} {self.position}"


class SurveyedIds(models.Model):
    """Hashes of the company ids in a stretch of the file: a parent named before its own row is not unknown."""

    pk = models.CompositePrimaryKey("of_id", "from_row")
    of = models.ForeignKey(Import, on_delete=models.CASCADE, db_index=False, related_name="surveyed_ids")
    from_row = models.PositiveIntegerField()
    hashes = models.BinaryField(help_text="64-bit integers of eight bytes each")

    def __str__(self) -> str:
        return f"{self.of_id} {self.from_row}"


class StagedRow(models.Model):
    """A row as the dry run found it. Those that are wrong stay until the import is forgotten, for the error file."""

    pk = models.CompositePrimaryKey("of_id", "number")
    of = models.ForeignKey(Import, on_delete=models.CASCADE, db_index=False, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    key = models.BinaryField(max_length=16, null=True)
    nth = models.PositiveIntegerField(default=0)
    becomes = models.CharField(max_length=7)
    problems = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index("of", "key", condition=Q(key__isnull=False), name="staged_row_by_key"),
            models.Index("of", "number", condition=Q(becomes="bad"), name="staged_row_wrong"),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.number}"


class ImportedCustomer(models.Model):
    """A customer whose past scores an import of the past writes again. A work list: it refers to nobody for long."""

    pk = models.CompositePrimaryKey("of_id", "customer")
    of = models.ForeignKey(Import, on_delete=models.CASCADE, db_index=False, related_name="customers")
    customer = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.of_id} {self.customer}"
