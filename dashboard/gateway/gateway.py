"""The gateway: one process that keeps a theatre's picture and gives it to everybody who connects."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import structlog
from msgspec import Struct

from config.theatre import Theatre, load_theatre
from dashboard.access.origin import allowed_origins
from dashboard.access.sessions import Person
from dashboard.gateway import messages
from dashboard.gateway.checkpoint import checkpoint_file, load
from dashboard.gateway.client import Client
from dashboard.gateway.follower import Follower
from dashboard.gateway.hub import Hub
from dashboard.gateway.limits import Limits
from dashboard.gateway.process import until_told
from dashboard.gateway.sockets import Sockets
from dashboard.picture import snapshot
from dashboard.picture.picture import Picture
from dashboard.picture.rules import load_rules
from dashboard.replay.edition import edition_of
from streams.archive.archive import Archive
from streams.archive.shelf import shelf_of
from streams.store import connect

if TYPE_CHECKING:
    from config.settings import Settings

ATTEND_S = 0.25
"""How often slow clients are looked after."""

log = structlog.get_logger()


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Gateway:
    """Serves one theatre's picture of one status.

    host, port: where to listen; port 0 lets the system choose, and `port` tells which. store_url: where the
    streams and the tickets are. origins: whose pages may connect. sign_in: whether only who has signed in
    may. archive: of what the streams hold no longer. checkpoint: a picture to go on from, where that file is
    there. now: our clock.
    """

    def __init__(
        self,
        *,
        theatre: Theatre,
        status: Literal["actual", "exercise"],
        store_url: str,
        host: str = "127.0.0.1",
        port: int = 0,
        origins: frozenset[str] = frozenset(),
        sign_in: bool = False,
        limits: Limits | None = None,
        archive: Archive | None = None,
        checkpoint: Path | None = None,
        now: Callable[[], dt.datetime] = _utc_now,
    ) -> None:
        self._theatre = theatre
        self._rules = load_rules(theatre.path)
        self._status = status
        self.store_url = store_url
        self._host = host
        self._asked_port = port
        self._origins = origins
        self._sign_in = sign_in
        self._limits = limits or Limits()
        self._archive = archive
        self._checkpoint = checkpoint
        self._now = now
        self._tasks: list[asyncio.Task[None]] = []
        self.hub: Hub

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._sockets.port

    async def start(self) -> None:
        """Listen, and begin to read the streams. It serves whether or not the store is there."""
        limits = self._limits
        self.hub = Hub(self._status, limits, self._now)
        self._store = connect(self.store_url)
        follower = Follower(
            self._store,
            self._theatre.name,
            self.hub,
            lambda: Picture(self._theatre, self._status, self._rules),
            limits,
            self._archive,
            self._recalled,
        )
        self._sockets = Sockets(
            self,
            path=messages.PATH,
            theatre=self._theatre.name,
            store_url=self.store_url,
            host=self._host,
            port=self._asked_port,
            origins=self._origins,
            sign_in=self._sign_in,
            limits=limits,
        )
        await self._sockets.start()
        self._tasks = [
            asyncio.create_task(each, name=name)
            for name, each in (
                ("follow", follower.run()),
                ("age", self._every(limits.tick_s, self.hub.age)),
                ("attend", self._every(ATTEND_S, self.hub.attend_to_slow)),
                ("beat", self._beat()),
                ("sessions", self._sockets.part_from_ended()),
            )
        ]
        log.info("gateway up", theatre=self._theatre.name, status=self._status, port=self.port)

    async def stop(self) -> None:
        """Close every connection with `GOING_AWAY`, and stop listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.hub.close()
        await self._sockets.stop()
        await self._store.aclose()
        log.info("gateway down", theatre=self._theatre.name)

    async def run(self) -> None:
        """Until one of its parts breaks, which none does by itself."""
        await asyncio.gather(*self._tasks)

    def decode(self, raw: Any) -> Struct | None:
        """What a client of the gateway says."""
        return messages.decoded(raw)

    def join(self, client: Client, hello: messages.Hello, person: Person, query: str) -> None:
        """Whoever comes in sees the picture."""
        self.hub.join(client, messages.position_of(hello.position))

    def hear(self, client: Client, message: Struct) -> None:
        """All that a client can ask for is a snapshot."""
        self.hub.resync(client)

    def leave(self, client: Client) -> None:
        """A client is gone."""
        self.hub.leave(client)

    def _recalled(self, epoch: str) -> tuple[Picture, dict[str, str]] | None:
        """The picture that the replay's recorder kept last, and after which entries."""
        if self._checkpoint is None:
            return None
        try:
            found = load(self._checkpoint, edition_of(self._theatre), epoch)
            if found is None:
                return None
            memory = snapshot.decode(found.memory)
            return Picture.remembering(memory, self._theatre, self._rules), found.ids
        except (OSError, snapshot.SnapshotError) as error:
            log.warning("checkpoint not usable", reason=str(error))
            return None

    async def _every(self, seconds: float, act: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(seconds)
            act()

    async def _beat(self) -> None:
        wait_s = self._limits.heartbeat_s
        while True:
            await asyncio.sleep(wait_s)
            wait_s = self.hub.beat_if_silent()


async def serve(settings: Settings) -> None:
    """Run the gateway that `settings` describe until this process is told to stop.

    Raises TheatreError or RulesError for a theatre that cannot be used, OSError for a port that is taken.
    """
    gateway = Gateway(
        theatre=load_theatre(settings.theatre),
        status=settings.status,
        store_url=settings.store_url,
        archive=Archive(shelf_of(settings), settings.theatre),
        checkpoint=checkpoint_file(settings.var, settings.theatre, settings.status),
        host=settings.host,
        port=settings.gateway_port,
        origins=allowed_origins(settings.host, settings.port, settings.origins),
        sign_in=settings.sign_in != "off",
    )
    await until_told(gateway)
