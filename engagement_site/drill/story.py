"""What the drill does, in order; each step says what it found, and the first that does not hold ends it."""

import time
from collections.abc import Callable
from pathlib import Path

from engagement_site.backup.shelf import contents
from engagement_site.drill.load import Load
from engagement_site.drill.scratch import DrillFailed, Scratch

SOURCE = "Drill"
_NUMBERS = f"""
from events.models import Event
print(*Event.objects.filter(source__name={SOURCE!r}, event_type__name="Report created")
      .values_list("properties__number", flat=True))
"""
Say = Callable[[str], None]


def run(folder: Path, *, customers: int, days: int, clients: int, then_run: bool, say: Say) -> None:
    """Run the drill; with `then_run`, the restored installation is run at the end as well. Raises DrillFailed."""
    old, new = Scratch(folder / "old"), Scratch(folder / "new")
    say(f"Setting up an installation with {customers} customers and {days} days ...")
    with old.servers():
        old.manage("prepare")
        old.manage("load_sample", "portfolio", "--customers", str(customers), "--days", str(days))
        key = old.manage("create_api_key", SOURCE, "--scope", "events:write").strip()
        watching = old.manage("create_api_key", f"{SOURCE} watch", "--scope", "monitoring:read").strip()
        with old.running():
            before, during, sent = back_up_under_load(old, folder / "backups", key, clients, say)
    (dump,) = (folder / "backups").glob("*.dump")
    say(f"{len(during):,} events were acknowledged while the backup ran; the old installation is gone now.")
    say("Restoring into a new server ...")
    with new.servers():
        say(indented(new.script("restore.sh", str(dump))))
        say(f"Equal, row by row: {scores_in(dump)}.")
        compare_events(before, set(map(int, new.manage("shell", "-v", "0", "-c", _NUMBERS).split())), sent, say)
        if then_run:
            run_restored(new, watching, say)


def run_restored(new: Scratch, key: str, say: Say) -> None:
    """See the restored installation come to rest, and verify it once more: now nothing may be pending."""
    say("Running the restored installation ...")
    with new.running():
        new.wait_until_well(key)
        say("It is well, says its own key: beat wakes the worker, and every change has its score.")
    say(indented(new.manage("verify")))


def back_up_under_load(
    old: Scratch, backups: Path, key: str, clients: int, say: Say
) -> tuple[set[int], set[int], range]:
    """Return the events acknowledged before the backup began, those acknowledged while it ran, and all sent."""
    with Load(old.port, key, clients) as load:
        time.sleep(2)
        before = load.snapshot()
        say(f"{clients} clients send {len(before) / 2:,.0f} events a second. Taking the backup meanwhile ...")
        say(indented(old.script("backup.sh", str(backups))))
        during = load.snapshot() - before
    if load.refused:
        raise DrillFailed(f"{len(load.refused)} batches were refused, the first with {load.refused[0]}")
    if not before or not during:
        raise DrillFailed("Nothing was sent before or while the backup ran: this proves nothing.")
    return before, during, range(next(load.numbers))


def compare_events(before: set[int], restored: set[int], sent: range, say: Say) -> None:
    if lost := before - restored:
        raise DrillFailed(f"{len(lost)} events that were acknowledged before the backup are not in it.")
    if strange := restored - set(sent):
        raise DrillFailed(f"{len(strange)} events are in the backup that were never sent.")
    later = len(restored - before)
    say(f"All {len(before):,} events acknowledged before the backup are there, and {later:,} later ones.")


def scores_in(dump: Path) -> str:
    """Name the scores among what `restore.sh` compared; it ends with an error when a single one differs."""
    tables = contents(dump)
    if not tables:
        raise DrillFailed("The backup does not say what is in it.")
    current, history = tables["scoring_currentscore"].rows, tables["scoring_scorehistory"].rows
    return f"{current:,} current scores, {history:,} scores of closed days, all other tables"


def indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines())
