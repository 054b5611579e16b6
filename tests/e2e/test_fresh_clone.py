"""`make run` in a bare clone: one command, and the night is on the glass."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Wall
from tests.e2e.test_night import assert_tells_the_night
from tests.house import ROOT, House
from tests.promises import promised

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


def run(clone: Path, house: House) -> subprocess.Popen[bytes]:
    """`make run` as a person types it, in a session of its own, so that it can be stopped as by Ctrl-C."""
    log = (clone.parent / "make.log").open("ab")
    environment = {name: value for name, value in house.environment.items() if name != "WATCHFLOOR_VAR"}
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        environment.pop(name, None)
    try:
        return subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    finally:
        log.close()


def stop(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGINT)
    process.wait(60)


def wait_for_wall(process: subprocess.Popen[bytes], house: House, log: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not house.answers("web"):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"no wall within {seconds} s:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def test_one_command_in_a_bare_clone_shows_the_night_and_the_second_start_is_quick(
    tmp_path: Path, open_wall: Callable[[str], Wall]
) -> None:
    clone = tmp_path / "clone"
    cloned = subprocess.run(
        ["git", "clone", "--quiet", str(ROOT), str(clone)], capture_output=True, check=False
    )
    if cloned.returncode:
        pytest.skip(f"this is no git checkout to clone: {cloned.stderr.decode(errors='replace').strip()}")
    house = House(tmp_path, speed=3_000)
    log = tmp_path / "make.log"

    first = run(clone, house)
    try:
        wait_for_wall(first, house, log, 600)
        wall = open_wall(house.wall)
        wall.until_text("#uav-launched-value", "479")
        wall.until_kind("exercise-ended")
        assert_tells_the_night(wall)
        assert f"Watchfloor: {house.wall}" in log.read_text()
        wall.page.close()
    finally:
        stop(first)
    assert (clone / "var" / "store").is_dir()

    house.environment["WATCHFLOOR_EXERCISE_SPEED"] = "60"
    second = run(clone, house)
    try:
        with promised(15):
            wait_for_wall(second, house, log, 60)
            again = open_wall(house.wall)
            again.until_painted()
        again.until_kind("exercise")
        # The night is played anew, not shown as it was left.
        assert again.counters()["uav-launched"] == "—"
    finally:
        stop(second)
