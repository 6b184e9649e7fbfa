"""A Valkey that a test starts, kills and starts again on the same port."""

import subprocess
import time
from pathlib import Path

from engagement_site.embedded import valkey, wheels


class Bell:
    """It keeps nothing: whatever was queued in it is gone with each death."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = valkey.free_port()
        self.url = f"redis://:secret@127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return once it answers."""
        process = subprocess.Popen(
            [wheels.valkey_program(), "-"],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.process = process
        assert process.stdin
        process.stdin.write(valkey.SETTINGS.format(port=self.port, password="secret").encode())
        process.stdin.close()
        give_up_at = time.monotonic() + 30
        while not valkey.answers(self.url):
            assert process.poll() is None, "it ended"
            assert time.monotonic() < give_up_at, "it does not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
