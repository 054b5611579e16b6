"""The process of one export: makes what is asked for, and says how far it is, in lines of JSON."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
import time
from pathlib import Path

import msgspec
from msgspec import Struct

from config.errors import ConfigError
from config.settings import settings
from dashboard.exports.asked import Asked, Here
from dashboard.exports.making import ExportError, make
from streams.errors import StreamError

NICENESS = 10
"""The live path comes first."""
TELL_S = 0.2
"""Between two words on how far it is."""


class Said(Struct, frozen=True, omit_defaults=True):
    """One line. done: what is to be said of what was made."""

    progress: float = 0.0
    done: str = ""
    reason: str = ""


def main() -> int:
    """Make what a file asks for as another; 0, or 1 with the reason in the last line."""
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    asked = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Asked)
    told_at = 0.0

    def progress(share: float) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= TELL_S:
            told_at = time.monotonic()
            _say(Said(progress=round(share, 3)))

    try:
        said = asyncio.run(make(asked, Here.of(settings()), Path(sys.argv[2]), progress))
    except (ExportError, StreamError, ConfigError, OSError) as error:
        _say(Said(reason=str(error) or type(error).__name__))
        return 1
    _say(Said(progress=1.0, done=said))
    return 0


def _end_with_parent() -> None:
    """Whoever began this holds the other end of what it reads; when that is gone nobody waits for it."""
    while os.read(0, 1):
        pass
    os._exit(1)


def _say(said: Said) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
