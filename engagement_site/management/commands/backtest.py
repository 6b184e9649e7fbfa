import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.days import business_day
from scoring.backtest import lifecycle, work
from scoring.backtest.outcomes import Kind, Outcome
from scoring.models import BackTest, ScoringModel


class Command(BaseCommand):
    help = "Hold a version of the scoring model against the past, now and here, and print what was found."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", type=int, nargs="?", help="its number; the current one when left out")
        parser.add_argument("--outcome", choices=[kind.value for kind in Kind], default=Kind.CHURNED.value)
        parser.add_argument("--horizon", type=int, default=90, help="days")
        parser.add_argument("--quiet-days", type=int, help="for --outcome quiet; the whole horizon when left out")
        parser.add_argument("--least-fall", type=int, default=0, help="for --outcome revenue, in per cent")
        parser.add_argument("--least-days", type=int, default=0, help="only who has been followed for so long")
        parser.add_argument("--days", nargs="+", type=date.fromisoformat, help="past days; a month apart when left out")
        parser.add_argument("--judge", choices=BackTest.Judged.values, default=BackTest.Judged.HEALTH)
        parser.add_argument("--calls", type=int, default=20, help="customers the team can call on each of the days")

    def handle(self, *args: Any, **options: Any) -> None:
        model = self._model(options["version"])
        kind, horizon = Kind(options["outcome"]), options["horizon"]
        quiet = (options["quiet_days"] or horizon) if kind == Kind.QUIET else 0
        if not 1 <= horizon <= 730 or quiet > horizon or not 0 <= options["least_fall"] <= 100 or options["calls"] < 1:
            raise CommandError("--horizon is 1 to 730, --quiet-days at most that, --least-fall 0 to 100, --calls ≥ 1.")
        now = timezone.now()
        days = options["days"] or lifecycle.usual_days(model, horizon, business_day(now))
        if not days:
            raise CommandError("There is no past day to stand on: nothing was counted long enough ago.")
        job = lifecycle.start(
            model,
            Outcome(kind, horizon, quiet, options["least_fall"] if kind == Kind.REVENUE_FELL else 0),
            days,
            judged=options["judge"],
            calls=options["calls"],
            least_days=options["least_days"],
            now=now,
            by=None,
        )
        while job.state == BackTest.State.RUNNING:
            work.whole(job, clock=timezone.now, after_step=self._progress)
            if job.state == BackTest.State.RUNNING:  # a worker was faster, and has it
                time.sleep(1)
        if job.state != BackTest.State.DONE:
            raise CommandError(f"Back-test {job.pk} {job.state}: {job.problem or 'no reason given'}.")
        self._print(job)

    def _model(self, version: int | None) -> ScoringModel:
        current, every = ScoringModel.objects.current(), ScoringModel.objects.all()
        model = current if version is None else every.filter(pk=version).first()
        if model is None:
            raise CommandError("There is no such version.")
        return model

    def _progress(self, job: BackTest) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{job.at_step} of {job.total_steps} steps", ending="")

    def _print(self, job: BackTest) -> None:
        result, write = job.result, self.stdout.write
        write(f"Back-test {job.pk} of {job.model_name}: {job.outcome} within {job.horizon} days, by {job.judged}")
        if segment := job.inputs["segment"]:
            current = job.inputs["versions"]["current"]
            whose = "everybody's" if current["segment"] is None else "the segment's"
            write(f"  on the {job.inputs['customers']:,} customers who are in the segment “{segment['name']}” now")
            write(f"  compared with version {current['version']}, {whose} current one")
        for day in result["days"]:
            counts = ", ".join(f"{day[name]:,} {name}" for name in ("customers", "outcomes", "unknown", "lost"))
            write(f"  {day['day']} {day['role']:<9}{counts}")
        if result["refused"]:
            write(
                f"Refused: {result['refused']} ({result['outcomes']} outcomes on the days that judge; 50 are needed)."
            )
            return
        calls = result["calls"]
        write(
            f"Of {calls['called']:,} calls to the lowest, {calls['found']:.1f} found an outcome; by chance"
            f" {calls['by_chance']:.1f}. Base rate {result['base'][0]:.4f}."
        )
        for contender in result["contenders"]:
            lead = "" if contender["lead"] is None else f"  lead {_interval(contender['lead'])}"
            write(f"  {contender['who']:<14}AUC {_interval(contender['auc'], '')}{lead}")
        for half_life in result["half_lives"]:
            lead = "" if half_life["lead"] is None else f"  against the version's own {_interval(half_life['lead'])}"
            write(f"  half-life {half_life['half_life'] or 'none':>4}  AUC {_interval(half_life['auc'], '')}{lead}")
        self._print_suggestion(result["suggestion"])

    def _print_suggestion(self, suggestion: dict[str, Any]) -> None:
        if "weights" not in suggestion:
            self.stdout.write(f"Nothing suggested: {suggestion['refused']}.")
            return
        self.stdout.write(f"Suggested half-life: {suggestion['half_life'] or 'none'}; points, with intervals:")
        for weight in sorted(suggestion["weights"], key=lambda weight: -abs(weight["points"])):
            interval = "" if weight["low"] is None else f"{weight['low']:>10.2f} to {weight['high']:.2f}"
            points = f"{weight['points_now']:>9.2f} now {weight['points']:>9.2f}"
            self.stdout.write(f"  {weight['name']:<24}{points}{interval}")


def _interval(bounds: list[float], sign: str = "+") -> str:
    value, low, high = (f"{bound:{sign}.4f}" for bound in bounds)
    return f"{value} ({low} to {high})"
