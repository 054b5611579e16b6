"""The stage: one process that replays a theatre's nights to everybody who connects."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import secrets
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs

import structlog
from msgspec import Struct
from redis.exceptions import RedisError

from config.theatre import Theatre, load_theatre
from dashboard.access.origin import allowed_origins
from dashboard.access.roles import Role, allows
from dashboard.access.sessions import Person
from dashboard.exports.nightly import Nightly
from dashboard.gateway.checkpoint import checkpoint_file
from dashboard.gateway.client import Client
from dashboard.gateway.codes import CloseCode
from dashboard.gateway.limits import Limits
from dashboard.gateway.messages import Hello, Resync
from dashboard.gateway.process import until_told
from dashboard.gateway.sockets import Sockets
from dashboard.picture.rules import load_rules
from dashboard.replay import messages
from dashboard.replay.channel import Channel
from dashboard.replay.edition import edition_of
from dashboard.replay.now import Aside, Hours
from dashboard.replay.player import Player
from dashboard.replay.recorder import Recorder
from dashboard.replay.reels import Reels, Shared, Source
from dashboard.replay.rooms import Rooms, is_room
from streams.archive.history import History
from streams.archive.shelf import Shelf, shelf_of
from streams.errors import StreamError
from streams.read import Entry
from streams.store import connect

if TYPE_CHECKING:
    from config.settings import Settings

ATTEND_S = 0.25
"""How often slow clients are looked after."""
SPANS_S = 60.0
"""How often it is looked for what was carried here from elsewhere."""
LEAST_TO_LEAD: Role = "operator"
TASKS = 50
"""After which what films in a process of its own begins anew, and lets go of its memory."""
NICENESS = 5
"""The live path comes first."""
LIMITS = Limits(clients=200, messages_burst=60, messages_per_s=30.0)

log = structlog.get_logger()


def _process() -> Executor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=TASKS)


class Stage:
    """Replays one theatre, of one status.

    shelf: where the archive is. var: where the recorder's checkpoint is. aside: makes what films as known now
    beside this process. The rest is as the gateway has it.
    """

    def __init__(
        self,
        *,
        theatre: Theatre,
        status: Literal["actual", "exercise"],
        store_url: str,
        shelf: Shelf,
        var: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        origins: frozenset[str] = frozenset(),
        sign_in: bool = False,
        limits: Limits = LIMITS,
        aside: Callable[[], Executor] = _process,
    ) -> None:
        self._theatre = theatre
        self._status = status
        self.store_url = store_url
        self._shelf = shelf
        self._var = var
        self._host = host
        self._asked_port = port
        self._origins = origins
        self._sign_in = sign_in
        self._limits = limits
        self._name = secrets.token_hex(8)
        self._edition = edition_of(theatre)
        self._shared = Shared()
        self._reels: dict[str, Reels] = {}
        self._hours: dict[str, Hours] = {}
        self._aside = Aside(aside)
        self._live = Reels(shelf, "", status, self._edition, self._shared)
        self._rooms = Rooms()
        self._watching: dict[Client, Channel] = {}
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._sockets.port

    @property
    def recorder(self) -> Recorder:
        """What films the live epoch."""
        return self._recorder

    @property
    def live(self) -> Reels:
        """What is recorded of the live epoch."""
        return self._live

    async def start(self) -> None:
        """Listen, and begin to record."""
        limits = self._limits
        self._store = connect(self.store_url)
        self._history = History(self._shelf, self._theatre.name, self._store)
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
        self._recorder = Recorder(
            client=self._store,
            history=self._history,
            theatre=self._theatre,
            status=self._status,
            rules=load_rules(self._theatre.path),
            edition=self._edition,
            file=checkpoint_file(self._var, self._theatre.name, self._status),
            reels=lambda epoch: Reels(self._shelf, epoch, self._status, self._edition, self._shared),
            found=self._found,
            heard=self._heard,
            limits=limits,
        )
        await self._sockets.start()
        self._tasks = [
            asyncio.create_task(each, name=name)
            for name, each in (
                ("record", self._recorder.run()),
                ("carry", self._carry()),
                ("attend", self._every(ATTEND_S, self._attend)),
                ("beat", self._every(limits.heartbeat_s, self._rooms.beat)),
                ("sessions", self._sockets.part_from_ended()),
            )
        ]
        log.info("replay up", theatre=self._theatre.name, status=self._status, port=self.port)

    async def stop(self) -> None:
        """Close every connection with `GOING_AWAY`, and stop listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for channel in set(self._watching.values()):
            channel.close()
        self._aside.close()
        await self._sockets.stop()
        await self._store.aclose()
        log.info("replay down", theatre=self._theatre.name)

    async def run(self) -> None:
        """Until one of its parts breaks, which none does by itself."""
        await asyncio.gather(*self._tasks)

    # What the sockets ask.

    def decode(self, raw: Any) -> Struct | None:
        """What a client of the replay says."""
        return messages.decoded(raw)

    def join(self, client: Client, hello: Hello, person: Person, query: str) -> CloseCode | None:
        """Somebody comes to watch by themselves, to lead a room or to follow one, as the address says."""
        wished = {name: values[0] for name, values in parse_qs(query, max_num_fields=8).items()}
        lead, follow = wished.get("lead", ""), wished.get("follow", "")
        if (lead and follow) or any(name and not is_room(name) for name in (lead, follow)):
            return CloseCode.PROTOCOL_ERROR
        if follow:
            self._rooms.follow(client, follow)
            return None
        if lead:
            code = self._make_way(lead, person)
            if code is not None:
                return code
        channel = self._channel(lead, wished)
        if channel is None:
            return CloseCode.PROTOCOL_ERROR
        channel.join(client, leading=True)
        self._watching[client] = channel
        if lead:
            self._rooms.open(channel, client, person)
        return None

    def hear(self, client: Client, message: Struct) -> CloseCode | None:
        """Somebody moves the replay; who follows can only ask for a snapshot."""
        own = self._watching.get(client)
        if isinstance(message, Resync):
            for channel in [own] if own is not None else self._rooms.channels(client):
                channel.resync(client)
        elif own is not None and isinstance(message, messages.End):
            self._rooms.close(own.room)
            own.room = ""
        elif own is not None:
            own.hear(message)
        return None

    def leave(self, client: Client) -> None:
        """Somebody is gone; the room that they led is over."""
        channel = self._watching.pop(client, None)
        if channel is not None:
            if channel.room:
                self._rooms.close(channel.room)
            channel.leave(client)
            channel.close()
        self._rooms.leave(client)

    def _make_way(self, room: str, person: Person) -> CloseCode | None:
        """Whether a person may lead a room now. Their own place in it, from another page, they give up."""
        if not allows(person.role, LEAST_TO_LEAD):
            return CloseCode.NOT_ALLOWED
        leader = self._rooms.leader(room)
        if leader is None:
            return CloseCode.TOO_MANY_CLIENTS if self._rooms.is_full else None
        client, other = leader
        if other.name != person.name:
            return CloseCode.ROOM_TAKEN
        self.leave(client)
        client.cut(CloseCode.ROOM_TAKEN)
        return None

    def _channel(self, room: str, wished: dict[str, str]) -> Channel | None:
        epoch = wished.get("epoch", "")
        known = wished.get("known", "then")
        if (epoch and epoch not in self._reels) or known not in ("then", "now"):
            return None
        try:
            at = dt.datetime.fromisoformat(wished["at"].replace(" ", "+")) if "at" in wished else None
        except ValueError:
            return None
        if at is not None and at.tzinfo is None:
            return None
        begin_ms = round(1_000 * at.timestamp()) if at is not None else None
        player = Player(begin_ms, asyncio.get_running_loop().time())
        player.known = "now" if known == "now" else "then"
        return Channel(
            player=player,
            reels=lambda: self._reels[epoch] if epoch else self._live,
            is_live=not epoch,
            source=self._source,
            room=room,
            gateway=self._name,
            status=self._status,
            limits=self._limits,
        )

    def _source(self, reels: Reels, known: Literal["then", "now"]) -> Source:
        return reels if known == "then" else self._now_of(reels.epoch)

    def _now_of(self, epoch: str) -> Hours:
        hours = self._hours.get(epoch)
        if hours is None:
            hours = self._hours[epoch] = Hours(
                shelf=self._shelf,
                store_url=self.store_url,
                theatre=self._theatre.name,
                status=self._status,
                epoch=epoch,
                aside=self._aside,
            )
        return hours

    # What goes on by itself.

    def _found(self, reels: Reels) -> None:
        self._reels[reels.epoch] = self._live = reels

    async def _carry(self) -> None:
        """Take up what was carried here from elsewhere, and former lives of the store."""
        while True:
            try:
                spans = await self._history.spans() if self._live.is_level else []
                for span in spans:
                    if not span.is_live and span.epoch not in self._reels:
                        self._reels[span.epoch] = await self._recorder.record(span.epoch)
            except (StreamError, RedisError, OSError) as error:
                log.warning("carried nights cannot be read", reason=str(error) or type(error).__name__)
            await asyncio.sleep(SPANS_S if self._live.is_level else 1.0)

    def _heard(self, epoch: str, entry: Entry) -> None:
        hours = self._hours.get(epoch)
        if hours is not None and entry.event is not None:
            hours.touch(entry.event, entry.received_at)

    def _attend(self) -> None:
        for channel in set(self._watching.values()):
            channel.attend_to_slow()

    async def _every(self, seconds: float, act: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(seconds)
            act()


async def serve(settings: Settings) -> None:
    """Run the replay that `settings` describe until this process is told to stop.

    Raises TheatreError or RulesError for a theatre that cannot be used, OSError for a port that is taken.
    """
    os.nice(NICENESS)
    stage = Stage(
        theatre=load_theatre(settings.theatre),
        status=settings.status,
        store_url=settings.store_url,
        shelf=shelf_of(settings),
        var=settings.var,
        host=settings.host,
        port=settings.replay_port,
        origins=allowed_origins(settings.host, settings.port, settings.origins),
        sign_in=settings.sign_in != "off",
    )
    reports = asyncio.create_task(Nightly(settings).run(), name="night reports")
    try:
        await until_told(stage)
    finally:
        reports.cancel()
        await asyncio.gather(reports, return_exceptions=True)
