"""Errors of the embedded servers: each ends the process with code 1 and one sentence for the operator."""

from pathlib import Path


class ServerError(SystemExit):
    """Why the servers cannot be had; the message is all the operator sees."""


def did_not_start(name: str, log: Path) -> ServerError:
    return ServerError(f"{name} could not start; its log says why: {log}")


def folder_cannot_be_written(folder: Path, error: OSError) -> ServerError:
    return ServerError(
        f"The data folder {folder} cannot be written ({error.strerror}). Set RAPPORT_DATA to a folder you own."
    )


def no_database(folder: Path) -> ServerError:
    return ServerError(
        f"No DATABASE_URL is set, and there is no database of `make run` in {folder}. Nothing was done. On a server, "
        "use `rapport COMMAND`, which reads the settings; elsewhere start `make run` first, or set DATABASE_URL."
    )
