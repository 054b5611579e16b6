"""Keeping a process: started again when it falls, taken along when told to stop."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.promises import PATIENCE_S

ROOT = Path(__file__).parents[2]


def keep_of(body: str, tmp_path: Path) -> subprocess.Popen[str]:
    """`keep` around a stand-in for `python -m watchfloor`, which runs `body`."""
    (tmp_path / "watchfloor.py").write_text(body)
    program = "import sys; from front.keep import keep; sys.exit(keep(['it']))"
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_process_that_falls_is_started_again(tmp_path: Path) -> None:
    with keep_of("import os; print(os.getpid(), flush=True); os._exit(3)", tmp_path) as kept:
        assert kept.stdout
        assert kept.stderr
        first, second = kept.stdout.readline(), kept.stdout.readline()
        kept.terminate()
        assert first.strip()
        assert second.strip()
        assert first != second
        assert "it ended (3); starting it again" in kept.stderr.read()


def test_wrong_settings_are_final(tmp_path: Path) -> None:
    with keep_of("import sys; sys.exit(78)", tmp_path) as kept:
        assert kept.wait(PATIENCE_S) == 78


def test_a_stop_is_passed_on_and_waited_for(tmp_path: Path) -> None:
    body = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: (print("bye", flush=True), sys.exit(0)))
print("up", flush=True)
signal.pause()
"""
    with keep_of(body, tmp_path) as kept:
        assert kept.stdout
        assert kept.stdout.readline() == "up\n"
        kept.send_signal(signal.SIGTERM)
        assert kept.stdout.read() == "bye\n"
        assert kept.wait(PATIENCE_S) == 0
