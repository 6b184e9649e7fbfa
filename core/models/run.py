from django.db import models
from django.db.models import Q


class Run(models.Model):
    """One piece of periodic work: a job, for a period, on a shard of customers. `core.jobs.periodic` hands it out.

    A row is due while `finished_at` is empty; a worker holds it until `leased_until`.
    """

    job = models.CharField(max_length=40)
    period = models.CharField(max_length=60)
    shard = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "period", "shard"], name="one_run_per_job_period_and_shard")
        ]
        # Partial: finished rows are never claimed again.
        indexes = [models.Index(fields=["job", "period", "shard"], condition=Q(finished_at=None), name="core_run_due")]

    def __str__(self) -> str:
        return f"{self.job} {self.period} {self.shard}"
