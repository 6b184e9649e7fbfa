"""Figures for Prometheus: the facts of /health/, and requests counted over all processes of the web server."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from core.jobs import periodic
from engagement_site.health import judgement, processes
from tests.conftest import NOW


@pytest.fixture
def metrics(monitoring_key):
    periodic.mark("beat", now=NOW)

    def ask():
        response = Client().get("/metrics", headers={"Authorization": f"Bearer {monitoring_key}"})
        assert response["Content-Type"].startswith("text/plain; version=")
        return dict(line.rsplit(" ", 1) for line in response.content.decode().splitlines() if line[0] != "#")

    return ask


def test_facts_are_figures(metrics):
    figures = metrics()
    assert figures["rapport_beat_age_seconds"] == "0.0"
    assert figures["rapport_redis_up"] == "1.0"
    assert figures['rapport_oldest_change_seconds{stage="score"}'] == "0.0"
    assert float(figures["rapport_last_closed_day_timestamp_seconds"]) == 1_781_395_200  # 2026-06-14
    assert figures['rapport_problem{name="beat_silent"}'] == "0.0"
    assert sum(name.startswith("rapport_problem{") for name in figures) == len(judgement.PROBLEMS)


def test_what_is_unknown_is_left_out(metrics, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    figures = metrics()
    assert figures["rapport_redis_up"] == "0.0"
    assert 'rapport_problem{name="redis_down"}' in figures
    assert "rapport_queue_length" not in figures


def test_requests_are_counted_by_view_not_by_path(metrics):
    name = 'rapport_requests_total{method="GET",status="404",view="none"}'
    before = float(metrics().get(name, 0))
    for path in ("/no-such-page/", "/nor/this/"):
        Client().get(path)
    assert float(metrics()[name]) == before + 2
    assert not any("no-such-page" in name for name in metrics())


def test_a_method_nobody_knows_adds_one_name_only(metrics):
    for method in ("BREW", "WHEN"):
        Client().generic(method, "/health/live")
    assert 'rapport_requests_total{method="other",status="405",view="health:live"}' in metrics()
    assert not any("BREW" in name for name in metrics())


COUNT_ONE = """
import sys
from pathlib import Path
from engagement_site.health import processes
processes.count_together(Path(sys.argv[1]))
import django
django.setup()
from prometheus_client import generate_latest
from engagement_site.health import counting, metrics
counting.REQUESTS.labels("start", "GET", 200).inc()
print(generate_latest(metrics._requests()).decode())
"""


def test_processes_count_together(tmp_path):
    """As two processes of the web server do, which share a folder."""
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", COUNT_ONE, str(tmp_path / "counts")],
            cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
    assert 'rapport_requests_total{method="GET",status="200",view="start"} 2.0' in done.stdout


def test_counts_of_an_earlier_web_server_go_and_nothing_else_does(tmp_path):
    for name in ("counter_7.db", "histogram_7.db", "letters.db", "counter.txt"):
        (tmp_path / name).touch()
    processes.forget_the_gone(tmp_path)
    processes.forget_the_gone(tmp_path / "not there")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["counter.txt", "letters.db"]
