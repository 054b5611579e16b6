"""The shelf: where an archive's files stand, a folder or an S3-like store, each whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import pyarrow.fs  # type: ignore[import-untyped]
from pyarrow import ArrowException, NativeFile

from config.settings import Settings
from streams.archive.errors import ArchiveError

UNFINISHED = ".unfinished-"
"""How names begin of what is still being written; whoever archives removes what a fall has left."""
_NAME = re.compile(r"[A-Za-z0-9_=-][A-Za-z0-9._=-]*(/[A-Za-z0-9_=-][A-Za-z0-9._=-]*)*", re.ASCII)


class Shelf(Protocol):
    """Files by name (`segments/2026-11-23/alerts-….parquet`). Every method raises ArchiveError."""

    looked_at_every_s: float
    """How long what was seen of a file is good enough for whoever only reads: to look costs a request."""

    def put(self, name: str, payload: bytes) -> None:
        """Write a file, or another in its place; on the disk, and whole, when this returns."""

    def get(self, name: str) -> bytes:
        """All of a file."""

    def open(self, name: str) -> NativeFile:
        """A file to read parts of; close it."""

    def names(self, prefix: str = "") -> list[str]:
        """The names of the files that begin with `prefix`, sorted; what is unfinished is left out."""

    def stamp(self, name: str) -> tuple[int, int] | None:
        """Changes when the file does; None where there is none."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""

    def clean(self) -> None:
        """Remove what others began to write and never finished."""

    def alone(self) -> contextlib.AbstractContextManager[None]:
        """Around reading a file and writing it again: on one machine nobody else is in here meanwhile."""


def shelf_of(settings: Settings) -> Shelf:
    """Where the installation's theatre is archived.

    Raises ArchiveError for an address of a kind that is not known.
    """
    where = settings.archive or str(settings.var / "archive")
    if "://" not in where:
        return FolderShelf(Path(where) / settings.theatre)
    if where.startswith("file://"):
        return FolderShelf(Path(where.removeprefix("file://")) / settings.theatre)
    with _reaching(where):
        filesystem, path = pyarrow.fs.FileSystem.from_uri(where)
    return RemoteShelf(filesystem, f"{path.rstrip('/')}/{settings.theatre}")


class FolderShelf:
    """A folder, on this machine or mounted."""

    looked_at_every_s = 0.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, payload: bytes) -> None:
        path = self._path(name)
        unfinished = path.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
        with _reaching(name):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with unfinished.open("xb") as file:
                    file.write(payload)
                    file.flush()
                    os.fsync(file.fileno())
                if unfinished.read_bytes() != payload:
                    raise ArchiveError(f"{name} was not written as it is: the disk is not to be trusted")
                unfinished.replace(path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            for folder in (path.parent, path.parent.parent):
                _sync(folder)

    def get(self, name: str) -> bytes:
        with _reaching(name):
            return self._path(name).read_bytes()

    def open(self, name: str) -> NativeFile:
        with _reaching(name):
            return pyarrow.OSFile(str(self._path(name)))

    def names(self, prefix: str = "") -> list[str]:
        top = self.folder / prefix.rpartition("/")[0]
        found = []
        with _reaching(prefix):
            for folder, _, files in os.walk(top):
                within = PurePosixPath(Path(folder).relative_to(self.folder).as_posix())
                found += [str(within / file) for file in files if not file.startswith(".")]
        return sorted(name for name in found if name.startswith(prefix))

    def stamp(self, name: str) -> tuple[int, int] | None:
        try:
            facts = self._path(name).stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ArchiveError(f"cannot reach {name}: {error}") from error
        return facts.st_mtime_ns, facts.st_ino

    def remove(self, name: str) -> None:
        with _reaching(name):
            self._path(name).unlink(missing_ok=True)

    def clean(self) -> None:
        with _reaching("the archive"):
            for left in self.folder.rglob(f"{UNFINISHED}*"):
                left.unlink(missing_ok=True)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        with _reaching("the archive's lock"):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / ".lock").open("wb")
        with lock:
            with _reaching("the archive's lock"):
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _path(self, name: str) -> Path:
        return self.folder / _checked(name)


class RemoteShelf:
    """A store of objects, or anything else that pyarrow.fs knows by URL; an object is put whole."""

    looked_at_every_s = 5.0

    def __init__(self, filesystem: Any, root: str) -> None:
        self._filesystem = filesystem
        self._root = root

    def put(self, name: str, payload: bytes) -> None:
        path = self._path(name)
        with _reaching(name):
            if self._filesystem.type_name not in ("s3", "gcs", "abfs"):
                self._filesystem.create_dir(path.rpartition("/")[0], recursive=True)
            with self._filesystem.open_output_stream(path) as file:
                file.write(payload)

    def get(self, name: str) -> bytes:
        with self.open(name) as file, _reaching(name):
            return bytes(file.read())

    def open(self, name: str) -> NativeFile:
        with _reaching(name):
            return self._filesystem.open_input_file(self._path(name))

    def names(self, prefix: str = "") -> list[str]:
        folder = f"{self._root}/{prefix.rpartition('/')[0]}".rstrip("/")
        selector = pyarrow.fs.FileSelector(folder, recursive=True, allow_not_found=True)
        with _reaching(prefix):
            found = self._filesystem.get_file_info(selector)
        names = (each.path[len(self._root) + 1 :] for each in found if each.is_file)
        return sorted(name for name in names if name.startswith(prefix))

    def stamp(self, name: str) -> tuple[int, int] | None:
        with _reaching(name):
            facts = self._filesystem.get_file_info(self._path(name))
        return (facts.mtime_ns or 0, facts.size) if facts.is_file else None

    def remove(self, name: str) -> None:
        with _reaching(name), contextlib.suppress(FileNotFoundError):
            self._filesystem.delete_file(self._path(name))

    def clean(self) -> None:
        """Nothing: what is not put whole is not there."""

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        yield

    def _path(self, name: str) -> str:
        return f"{self._root}/{_checked(name)}"


def _checked(name: str) -> str:
    if len(name) > 512 or not _NAME.fullmatch(name):
        raise ArchiveError(f"not a name of the archive: {name[:100]!r}")
    return name


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _reaching(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ArrowException) as error:
        raise ArchiveError(f"cannot reach {name}: {error}") from error
