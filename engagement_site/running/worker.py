"""A worker with beat beside it, for `manage.py run`: python -m engagement_site.running.worker OPTION...

One process less, of a hundred megabytes. On servers beat has a process of its own, as there may be many workers.
"""

import sys

from celery import signals

from engagement_site.celery import app
from engagement_site.running import ringing

_begun: list[bool] = []


@signals.worker_ready.connect
def ring(**_other: object) -> None:
    """Begin once the worker's own processes are there: a thread does not come along into them."""
    if not _begun:
        _begun.append(True)
        ringing.begin_beside(app)


if __name__ == "__main__":
    app.worker_main(["--quiet", "worker", *sys.argv[1:]])
