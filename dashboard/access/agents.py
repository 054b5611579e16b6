"""What a browser says it is, in two words that a person can tell apart from another's."""

from __future__ import annotations

import re

# The more special first: each of them says that it is the ones below, too.
_BROWSERS = (
    (re.compile(r"Edg(?:e|A|iOS)?/(\d+)"), "Edge"),
    (re.compile(r"OPR/(\d+)"), "Opera"),
    (re.compile(r"(?:Firefox|FxiOS)/(\d+)"), "Firefox"),
    (re.compile(r"(?:HeadlessChrome|Chrome|CriOS|Chromium)/(\d+)"), "Chrome"),
    (re.compile(r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari"), "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
MOST_CHARS = 60


def in_short(agent: str) -> str:
    """Browser and system, or the beginning of what it says where neither is known."""
    browser = next((f"{name} {found[1]}" for rule, name in _BROWSERS if (found := rule.search(agent))), "")
    if not browser:
        return "".join(letter for letter in agent if letter.isprintable())[:MOST_CHARS]
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} · {system}" if system else browser
