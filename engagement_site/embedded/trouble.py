"""What goes wrong with the servers is said in one sentence, and the process ends with code 1."""

from pathlib import Path


class ServerTrouble(SystemExit):
    """Why the servers cannot be had; the message is all the operator sees."""


def did_not_start(name: str, log: Path) -> ServerTrouble:
    return ServerTrouble(f"{name} could not start; its log says why: {log}")


def folder_cannot_be_written(folder: Path, error: OSError) -> ServerTrouble:
    return ServerTrouble(
        f"The data folder {folder} cannot be written ({error.strerror}). Set RAPPORT_DATA to a folder you own."
    )
