"""Start everything that the Procfile names, under honcho, and say where the wall is."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.manager import Manager

from config.settings import Settings, SettingsError, settings, variable

PROCFILE = Path(__file__).resolve().parent.parent / "Procfile"
READY_WITHIN_S = 60.0


def up() -> int:
    """Run until stopped. Raises SettingsError for settings, and for ports that are taken."""
    chosen = settings()
    if taken := taken_ports(chosen):
        raise SettingsError("\n".join(taken))
    chosen.var.mkdir(parents=True, exist_ok=True)
    # The Procfile says `watchfloor`, whichever environment this one was started from.
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
    }
    environment["PYTHONUNBUFFERED"] = "1"
    manager = Manager()
    for name, command in parse_procfile(PROCFILE.read_text()).processes.items():
        manager.add_process(name, command, env=environment)
    with subprocess.Popen(
        [sys.executable, "-m", "front.up"], env=environment, cwd=PROCFILE.parent
    ) as welcome:
        manager.loop()
        welcome.terminate()
    return int(manager.returncode or 0)


def taken_ports(chosen: Settings) -> list[str]:
    """A line for each of our ports that somebody listens on already."""
    return [
        f"{variable(field)}={port}: is in use on {host}; choose a free port"
        for field, host, port in listened_on(chosen)
    ]


def listened_on(chosen: Settings) -> Iterator[tuple[str, str, int]]:
    """The setting, host and port of each of our addresses that somebody listens on."""
    fields = ["port", "gateway_port", "intake_port", "replay_port"] + (
        [] if chosen.redis_url else ["store_port"]
    )
    for field in fields:
        port = getattr(chosen, field)
        host = {"store_port": "127.0.0.1", "intake_port": chosen.intake_host}.get(field, chosen.host)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                yield field, host, port


def welcome() -> None:
    """Wait until the screens answer, say where they are, and open them where somebody can see them."""
    chosen = settings()
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{chosen.url}/healthz", timeout=1):  # noqa: S310 - our own address
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    else:
        return
    what = "an EXERCISE is playing" if chosen.status == "exercise" else "live feeds"
    print(f"\n  Watchfloor: {chosen.url}/wall   ({what}; Ctrl-C stops)\n", flush=True)
    has_screen = sys.stdout.isatty() and bool(os.environ.get("DISPLAY") or sys.platform == "darwin")
    if chosen.open_browser == "yes" or (chosen.open_browser == "auto" and has_screen):
        webbrowser.open(f"{chosen.url}/wall")


if __name__ == "__main__":
    welcome()
