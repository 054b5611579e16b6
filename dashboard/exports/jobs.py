"""The jobs: exports that are made beside the web process, two at once, each in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
import structlog
from msgspec import Struct

from dashboard.api.problems import ApiError
from dashboard.exports.asked import Asked
from dashboard.exports.beside import run_beside
from dashboard.exports.worker import Said

if TYPE_CHECKING:
    from config.settings import Settings

AT_ONCE = 2
MOST_KEPT = 20
"""Exports that are kept; the oldest go."""
KEPT_S = 86_400.0
LONGEST_S = 1_800.0
"""After which a job that is not done is ended."""
FOLDER = "exports"
_JOB = re.compile(r"[0-9]{13}-[0-9a-f]{16}", re.ASCII)
_RECORD = "job.json"

log = structlog.get_logger()
State = Literal["running", "done", "failed", "cancelled"]


class Job(Struct, kw_only=True, omit_defaults=True):
    """One export, as it is told of. file: what it is called where it is saved; only when it is done."""

    job: str
    kind: str
    state: State = "running"
    progress: float = 0.0
    file: str = ""
    size: int = 0
    said: str = ""
    """Of what is done, in a few words: `479 events`."""
    reason: str = ""
    asked: Asked


class Jobs:
    """Makes and keeps the exports of one installation, under `var/exports`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.var.absolute() / FOLDER
        self._jobs: dict[str, Job] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._is_found = False

    def list(self) -> list[Job]:
        """Every export that is made or kept, the newest first."""
        self._find()
        return sorted(self._jobs.values(), key=lambda job: job.job, reverse=True)

    def get(self, name: str) -> Job:
        """One of them. Raises ApiError where there is none of this name."""
        self._find()
        job = self._jobs.get(name)
        if job is None:
            raise ApiError("not-found", "there is no export of this name: they are kept for a day")
        return job

    def begin(self, asked: Asked) -> Job:
        """Begin to make one. Raises ApiError while two are being made, or where nothing can be written."""
        self._find()
        if sum(job.state == "running" for job in self._jobs.values()) >= AT_ONCE:
            raise ApiError("busy", f"{AT_ONCE} exports are being made: wait for one, or cancel it")
        name = f"{time.time_ns() // 1_000_000:013d}-{secrets.token_hex(8)}"
        job = Job(job=name, kind=asked.kind, asked=asked)
        try:
            (self._folder / name).mkdir(parents=True)
            (self._folder / name / "asked.json").write_bytes(msgspec.json.encode(asked))
        except OSError as error:
            raise ApiError("store", f"nothing can be written: {error.strerror}") from error
        self._jobs[name] = job
        task = asyncio.create_task(self._make(job), name=f"export {name}")
        self._tasks[name] = task
        task.add_done_callback(lambda _: self._tasks.pop(name))
        return job

    def cancel(self, name: str) -> Job:
        """End one that is being made; one that is over stays as it is."""
        job = self.get(name)
        if job.state == "running":
            job.state = "cancelled"
            self._tasks[name].cancel()
        return job

    def path(self, name: str) -> Path:
        """Where the file of one that is done lies. Raises ApiError where there is none."""
        job = self.get(name)
        path = self._path(job)
        if job.state != "done" or not path.is_file():
            raise ApiError("not-found", f"this export has no file: it is {job.state}")
        return path

    async def close(self) -> None:
        """End what is being made, and wait until it has ended."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _make(self, job: Job) -> None:
        folder = self._folder / job.job
        unfinished = folder / "unfinished"

        def heard(said: Said) -> None:
            job.progress = max(job.progress, said.progress)

        try:
            async with asyncio.timeout(LONGEST_S):
                last = await run_beside(self._settings, folder / "asked.json", unfinished, heard)
            if last.done and unfinished.is_file():
                unfinished.rename(self._path(job))
                job.state, job.progress, job.said = "done", 1.0, last.done
                job.file, job.size = job.asked.file_name, self._path(job).stat().st_size
            else:
                job.state, job.reason = "failed", last.reason or "its process ended without a word"
        except TimeoutError:
            job.state, job.reason = "failed", f"it was not done in {LONGEST_S / 60:.0f} minutes"
        except OSError as error:
            job.state, job.reason = "failed", f"it cannot be made: {error.strerror}"
        except asyncio.CancelledError:
            if job.state == "running":
                job.state, job.reason = "failed", "the server was stopped"
            raise
        finally:
            self._keep(job, unfinished)
            log.info("export over", job=job.job, kind=job.kind, state=job.state, reason=job.reason)

    def _path(self, job: Job) -> Path:
        return self._folder / job.job / f"export.{job.asked.suffix}"

    def _keep(self, job: Job, unfinished: Path) -> None:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
            (self._folder / job.job / _RECORD).write_bytes(msgspec.json.encode(job))
        self._tidy()

    def _find(self) -> None:
        """What was made before this process began; what was being made then is not there any more."""
        if not self._is_found:
            self._is_found = True
            for folder in sorted(self._folder.glob("*")) if self._folder.is_dir() else ():
                if not _JOB.fullmatch(folder.name):
                    continue
                try:
                    job = msgspec.json.decode((folder / _RECORD).read_bytes(), type=Job)
                except (OSError, msgspec.DecodeError):
                    shutil.rmtree(folder, ignore_errors=True)
                    continue
                self._jobs[folder.name] = job
        self._tidy()

    def _tidy(self) -> None:
        """Let go of what is a day old, and of the oldest where there are too many."""
        over = sorted(name for name, job in self._jobs.items() if job.state != "running")
        begun_before = f"{int((time.time() - KEPT_S) * 1_000):013d}"
        for number, name in enumerate(over):
            if name < begun_before or len(over) - number > MOST_KEPT:
                del self._jobs[name]
                shutil.rmtree(self._folder / name, ignore_errors=True)
