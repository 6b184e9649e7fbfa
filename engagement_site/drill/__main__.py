"""The restore drill: python -m engagement_site.drill [--customers 100] [--days 180] [--clients 2]

Sets up a scratch installation with a sample, backs it up while events keep coming in, restores the backup into a second
server, and compares. Touches no installation that is there. Exit code 0 when everything held.
"""

import argparse
import sys
import time

from engagement_site.drill import scratch, story


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m engagement_site.drill", description=__doc__)
    parser.add_argument("--customers", type=int, default=100)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--clients", type=int, default=2)
    args = parser.parse_args()
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text.lstrip()}", flush=True)

    with scratch.folder() as folder:
        try:
            story.run(folder, customers=args.customers, days=args.days, clients=args.clients, then_run=True, say=say)
        except (scratch.DrillFailed, OSError) as failure:
            sys.exit(f"The drill FAILED. {failure}")
    say("The drill held: the backup can be restored.")


if __name__ == "__main__":
    main()
