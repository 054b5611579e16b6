"""Where a browser goes after sign-in: to a path of ours, whatever was asked for."""

from __future__ import annotations

import re

START = "/wall"
_OWN = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1000}")
"""One slash, then printable ASCII without the backslash, which browsers take for another slash."""


def own_path(asked: str) -> str:
    """`asked` where it is a path of this server, else the start."""
    return asked if _OWN.fullmatch(asked) and not asked.startswith("/sign-") else START
