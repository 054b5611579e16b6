"""The checkpoint: what a picture remembered at a position, kept so that nobody begins at the beginning."""

from __future__ import annotations

from pathlib import Path

import msgspec
import structlog
from msgspec import Struct

from dashboard.picture import snapshot

log = structlog.get_logger()


class Checkpoint(Struct, frozen=True):
    """A picture after all that was received up to `ids`, of an epoch.

    edition: by which rules and which reducer it was made. second: the last that it was told of. ms: before
    which everything is in it.
    """

    edition: str
    epoch: str
    ids: dict[str, str]
    second: int
    ms: int
    memory: bytes


def checkpoint_file(var: Path, theatre: str, status: str) -> Path:
    """Where the recorder of a theatre's replay keeps its own."""
    return var / "replay" / f"{theatre}-{status}.checkpoint"


def save(checkpoint: Checkpoint, file: Path) -> None:
    """Keep it in place of the one before. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".new")
    unfinished.write_bytes(msgspec.msgpack.encode(checkpoint))
    unfinished.replace(file)


def load(file: Path, edition: str, epoch: str) -> Checkpoint | None:
    """The one that is kept; None where there is none of this edition and epoch. Raises OSError."""
    try:
        checkpoint = msgspec.msgpack.decode(file.read_bytes(), type=Checkpoint)
        snapshot.decode(checkpoint.memory)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, snapshot.SnapshotError) as error:
        log.warning("checkpoint not usable", reason=str(error))
        return None
    return checkpoint if (checkpoint.edition, checkpoint.epoch) == (edition, epoch) else None
