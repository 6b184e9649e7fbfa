"""What `manage.py run` does, with a fault planted: python -m bench.crashing.start, with BENCH_PLANT."""

import os
from dataclasses import replace

from bench.crashing import plants
from engagement_site import embedded
from engagement_site.running import foreground, programs
from engagement_site.running.address import Address
from engagement_site.running.programs import Program

OURS, PLANTED = "engagement_site.front.asgi:application", "bench.crashing.front:application"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
    plants.in_servers(os.environ[plants.VARIABLE])
    whole = programs.together

    def together(address: Address) -> list[Program]:
        return [replace(program, command=tuple(map(_planted, program.command))) for program in whole(address)]

    setattr(programs, "together", together)  # noqa: B010
    with embedded.servers():
        foreground.main(with_parent=True)


def _planted(word: str) -> str:
    return PLANTED if word == OURS else word


if __name__ == "__main__":
    main()
