from django.db import models

from surveys.models.survey import Survey


class Tally(models.Model):
    """How often a value was answered, or a step taken, on a day: results read these instead of the answers.

    `name` is `score`, a question's key with `q:` before it, or `step` (of the way from sent to answered).
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, db_index=False, related_name="tallies")
    day = models.DateField()
    name = models.CharField(max_length=60)
    value = models.CharField(max_length=100)
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "day", "name", "value"], name="one_tally_of_a_day")]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.day} {self.name} {self.value}: {self.count}"
