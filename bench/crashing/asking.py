"""What `manage.py health` would say, again and again: one line of JSON each time, until the input ends.

The command itself takes a second to start, in which much of what is to be named is over.
"""

import json
import os
import sys
import threading
import time

PAUSE = 0.3  # seconds between two answers


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
    from engagement_site import embedded

    embedded.borrow_addresses()
    import django

    django.setup()
    from django.utils import timezone

    from engagement_site.health import facts, judgement

    threading.Thread(target=_end_with_input, daemon=True).start()
    while True:
        asked_at = time.time()
        wrong = judgement.problems(facts.read(now=timezone.now(), ask_front=True))
        print(json.dumps({"at": asked_at, "wrong": wrong}), flush=True)
        time.sleep(PAUSE)


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
