"""Requests are counted by each web process and shown by any of them: they share a folder of counts."""

import logging
import os
import sys
from pathlib import Path

logger = logging.getLogger(__name__)
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def count_together(folder: Path) -> None:
    """Let this process put its counts where its siblings do.

    Only before anything imports prometheus_client, which decides once; a process that did stays with its own counts.
    """
    if "prometheus_client" in sys.modules:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        logger.warning("METRICS_DIR (%s) cannot be written (%s): requests are not counted.", folder, error.strerror)
        return
    os.environ[VARIABLE] = str(folder)


def forget_the_gone(folder: Path) -> None:
    """Remove the counts of an earlier web server; call while none runs. Nothing else in the folder is touched."""
    for kind in ("counter", "histogram"):
        for file in folder.glob(f"{kind}_*.db"):
            file.unlink(missing_ok=True)
