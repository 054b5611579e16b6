"""Keep one process running: start it again when it falls, and take it along when told to stop."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from types import FrameType

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0
STEADY_AFTER_S = 10.0
EX_CONFIG = 78
"""sysexits.h: wrong settings do not mend themselves, so that exit is final."""


def keep(command: list[str]) -> int:
    """Run `watchfloor COMMAND` for ever; its exit status once that is final."""
    process: subprocess.Popen[bytes] | None = None
    stopping = False

    def stop(number: int, _: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        if process is not None and process.poll() is None:
            process.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    wait_s = FIRST_WAIT_S
    while True:
        started = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", "watchfloor", *command])
        status = process.wait()
        if stopping or status == EX_CONFIG:
            return max(status, 0)
        if time.monotonic() - started > STEADY_AFTER_S:
            wait_s = FIRST_WAIT_S
        print(f"{' '.join(command)} ended ({status}); starting it again", file=sys.stderr, flush=True)
        time.sleep(wait_s)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)
