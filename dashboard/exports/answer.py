"""What the exports' routes answer, as types."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct, field

from dashboard.exports.asked import Kind, Known
from dashboard.exports.jobs import Job


class JobAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One export. progress: from 0 to 1. file: its name, and size in bytes, when it is done."""

    job: str
    kind: Kind
    state: Literal["running", "done", "failed", "cancelled"]
    progress: float
    from_: dt.datetime = field(name="from")
    to: dt.datetime
    known: Known
    title: str = ""
    by: str = ""
    file: str = ""
    size: int = 0
    said: str = ""
    """In a few words, what is in it."""
    reason: str = ""
    """Why it failed."""


class JobsAnswer(Struct, frozen=True, kw_only=True):
    """What can be made, and what is being made or is kept, the newest first."""

    kinds: tuple[Kind, ...]
    jobs: tuple[JobAnswer, ...]


class JobBegun(Struct, frozen=True, kw_only=True):
    """The name of the export that is being made."""

    job: str


class ReportAnswer(Struct, frozen=True, kw_only=True):
    """A night's report. names: of its files, as `/reports/{name}` serves them."""

    night: str
    made_at: dt.datetime
    names: tuple[str, ...]


class ReportsAnswer(Struct, frozen=True, kw_only=True):
    """Every night's report that is there, the newest first."""

    reports: tuple[ReportAnswer, ...]


def answer_of(job: Job) -> JobAnswer:
    """What is told of an export."""
    asked = job.asked
    return JobAnswer(
        job=job.job,
        kind=asked.kind,
        state=job.state,
        progress=job.progress,
        from_=asked.from_,
        to=asked.to,
        known=asked.known,
        title=asked.title,
        by=asked.by,
        file=job.file,
        size=job.size,
        said=job.said,
        reason=job.reason,
    )
