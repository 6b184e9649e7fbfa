"""An installation of its own, with servers of its own, that leaves nothing behind."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engagement_site.embedded import places, valkey

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 200.0  # seconds
SERVERS = ("DATABASE_URL", "REDIS_URL", "METRICS_DIR")
CONFIGURED = (*SERVERS, "HOST", "PORT", "ALLOWED_HOSTS", "HTTPS", "DJANGO_SETTINGS_MODULE")
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class DrillFailed(Exception):
    """What did not hold, or did not work."""


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a new folder; whatever was put there is removed."""
    made = Path(tempfile.mkdtemp(prefix="rapport-drill-"))
    made.chmod(0o755)  # as root, PostgreSQL runs as another user, who must come through
    try:
        yield made
    finally:
        for inside in [path for path in made.iterdir() if path.is_dir()]:
            shutil.rmtree(places.away(inside), ignore_errors=True)
        shutil.rmtree(made, ignore_errors=True)


class Scratch:
    """An installation in a folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = valkey.free_port()
        plain = {name: value for name, value in os.environ.items() if name not in CONFIGURED}
        own = {"RAPPORT_DATA": str(data), "RAPPORT_EMBEDDED": "on", "RAPPORT_SAMPLE": "off", "PORT": str(self.port)}
        self.environment = plain | own

    def manage(self, *words: str) -> str:
        """Return what a management command says. Raises DrillFailed."""
        return self._finished([sys.executable, "manage.py", *words])

    def script(self, name: str, *words: str) -> str:
        return self._finished([str(ROOT / "deploy" / name), *words])

    def _finished(self, command: list[str]) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DrillFailed(f"{' '.join(command[1:] or command)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    @contextmanager
    def servers(self) -> Iterator[None]:
        """Keep PostgreSQL and Valkey up for the block, or each command would start and stop them."""
        command = [sys.executable, "-m", "engagement_site.embedded", "--", "cat"]
        with subprocess.Popen(command, cwd=ROOT, env=self.environment, stdin=subprocess.PIPE):
            yield  # leaving closes the pipe, `cat` ends, and its lease with it

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run pages, worker, beat and servers for the block, as `make run` does."""
        command = [sys.executable, "manage.py", "run", "--with-parent"]
        process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL)
        try:
            self._wait_until_ready(process)
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)

    def _wait_until_ready(self, process: "subprocess.Popen[bytes]") -> None:
        give_up_at = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < give_up_at:
            try:
                self.ask("/health/ready", "").close()
                return
            except OSError:
                time.sleep(0.2)
        raise DrillFailed(f"The installation did not become ready.\n{self._last_words()}")

    def _last_words(self) -> str:
        """Return the ends of its logs, which go with the drill's folder."""
        logs = sorted((self.data / "logs").glob("*.log"))
        return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1000:]}" for log in logs)

    def wait_until_well(self, key: str) -> dict[str, Any]:
        """Return the health of the installation once nothing is wrong and no change waits for its score."""
        give_up_at = time.monotonic() + PATIENCE
        while True:
            with self.ask("/health/", key) as answer:
                health: dict[str, Any] = json.load(answer)
            if health["status"] == "ok" and not health["oldest_change_seconds"]:
                return health
            if time.monotonic() > give_up_at:
                raise DrillFailed(f"The installation does not become well: {health}")
            time.sleep(0.5)

    def ask(self, path: str, key: str) -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        return NO_PROXY.open(request, timeout=10)
