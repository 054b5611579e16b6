"""Runs the worker beside this process, and ends it and all that it started when nobody waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dashboard.exports.worker import Said

if TYPE_CHECKING:
    from config.settings import Settings

ROOT = Path(__file__).parents[2]


async def run_beside(settings: Settings, asked: Path, file: Path, heard: Callable[[Said], None]) -> Said:
    """Make what the file `asked` asks for as `file`; the last word of the worker. heard: gets each word.

    Raises OSError when the process cannot be started.
    """
    environment = os.environ | {
        "WATCHFLOOR_VAR": os.path.abspath(settings.var),  # noqa: ASYNC240, PTH100
        "WATCHFLOOR_ARCHIVE": settings.archive,
        "WATCHFLOOR_THEATRE": settings.theatre,
        "WATCHFLOOR_EXERCISE": settings.exercise,
        "REDIS_URL": settings.store_url,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "dashboard.exports.worker",
        str(asked),
        str(file),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
        cwd=ROOT,
        start_new_session=True,
    )
    last = Said()
    try:
        if process.stdout is not None:
            async for line in process.stdout:
                with contextlib.suppress(msgspec.DecodeError):
                    last = msgspec.json.decode(line, type=Said)
                    heard(last)
    finally:
        # It leads a session of its own.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
    return last
