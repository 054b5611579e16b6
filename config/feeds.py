"""The feeds: which sources there are, how each is reached and how it is to be believed; TOML, checked.

A theatre's `feeds.toml` is the catalogue of what is known, all of it switched off. An installation's own file
(`WATCHFLOOR_FEEDS`) switches feeds on, tunes them and adds others: a table of the same name is laid over the
catalogue's, key by key. Secrets are never in either: a feed names the environment variable that holds it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from config.theatre import Theatre
from config.toml_source import SourceError, TomlSource

FeedName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Seconds = Annotated[float, Meta(gt=0, le=86_400)]
TRANSPORTS = Literal["http", "websocket", "push", "tcp", "tls", "udp", "file", "folder"]
_SCHEMES = {
    "http": ("http://", "https://"),
    "websocket": ("ws://", "wss://"),
    "tcp": ("tcp://",),
    "tls": ("tls://",),
    "udp": ("udp://",),
    "file": (),
    "folder": (),
    "push": (),
}


class FeedsError(SourceError):
    """A feeds file that cannot be used."""


class Limit(Struct, frozen=True, forbid_unknown_fields=True):
    """What the source allows: so many requests in so many seconds, by all our hosts together."""

    requests: Annotated[int, Meta(ge=1, le=100_000)]
    per_s: Seconds


class FeedConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One feed.

    url: where it is (`udp://239.2.3.1:6969`, a path for file and folder, empty for push). every_s: how often
    it is asked, or should speak. secret: the environment variable with its key; secret_as: how that is shown
    to the source (`bearer`, `authorization`, `header:X-API-Key`, `query:token`). answer_s: how long an answer
    may take. max_bytes: of one payload. budget_bytes_s: what this feed may bring a second on average, before
    it has to wait. proxy: the environment variable with a proxy's address. verify: a file with the
    certificates to trust instead of the system's. options: what its format or its transport alone asks for.
    """

    name: FeedName
    format: Annotated[str, Meta(min_length=1, max_length=64)]
    transport: TRANSPORTS
    on: bool = False
    url: Annotated[str, Meta(max_length=2_000)] = ""
    every_s: Seconds = 60.0
    limits: tuple[Limit, ...] = ()
    secret: Annotated[str, Meta(pattern=r"^([A-Z][A-Z0-9_]{0,127})?$")] = ""
    secret_as: Annotated[
        str, Meta(pattern=r"^(bearer|authorization|header:[A-Za-z0-9-]+|query:[A-Za-z0-9_.-]+)$")
    ] = "bearer"  # noqa: S105  how it is shown, not what it is
    answer_s: Seconds = 10.0
    max_bytes: Annotated[int, Meta(ge=1, le=8_000_000)] = 4_000_000
    budget_bytes_s: Annotated[int, Meta(ge=1_000)] = 4_000_000
    proxy: Annotated[str, Meta(pattern=r"^([A-Z][A-Z0-9_]{0,127})?$")] = ""
    verify: str = ""
    claimant: str = ""
    reliability: Literal["A", "B", "C", "D", "E", "F"] = "F"
    credibility: Annotated[int, Meta(ge=1, le=6)] = 6
    options: dict[str, Any] = {}

    def secret_value(self, environment: Mapping[str, str] = os.environ) -> str:
        """The feed's key, or nothing where it needs none or has none."""
        return environment.get(self.secret, "") if self.secret else ""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    feeds: dict[FeedName, dict[str, Any]] = {}


def load_feeds(theatre: Theatre, own: Path | None = None) -> tuple[FeedConfig, ...]:
    """Every feed of the catalogue and of the installation's `own` file, those that are off included.

    own: may be missing. Raises FeedsError with file, line and reason.
    """
    tables: dict[str, dict[str, Any]] = {}
    sources: dict[str, TomlSource] = {}
    for path in (theatre.path / "feeds.toml", own):
        if path is None or not path.is_file():
            continue
        source = TomlSource.open(path, FeedsError)
        for name, table in source.decode(_File).feeds.items():
            tables[name] = {**tables.get(name, {}), **table}
            sources[name] = source
    return tuple(_feed(name, table, sources[name], theatre) for name, table in tables.items())


def _feed(name: str, table: dict[str, Any], source: TomlSource, theatre: Theatre) -> FeedConfig:
    def wrong(field: str | None, reason: str) -> FeedsError:
        line = source.line_of(f"feeds.{name}", None, field)
        return FeedsError(source.path, line, f"feed {name}: {reason}")

    try:
        feed = msgspec.convert({**table, "name": name}, FeedConfig)
    except msgspec.ValidationError as error:
        named = re.search(r"`\$\.(\w+)|field `(\w+)`", str(error))
        raise wrong(named and (named[1] or named[2]), str(error)) from error
    if feed.claimant and feed.claimant not in theatre.claimants:
        raise wrong("claimant", f"claimant {feed.claimant!r} is not one of the theatre's")
    if feed.url and _SCHEMES[feed.transport] and not feed.url.startswith(_SCHEMES[feed.transport]):
        raise wrong("url", f"url must start with {' or '.join(_SCHEMES[feed.transport])}")
    if not feed.url and feed.transport != "push" and feed.on:
        raise wrong("url", f"url is missing, which transport {feed.transport} needs")
    return feed
