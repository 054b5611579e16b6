"""Rooms: one leads, whoever follows sees the same, and hears when it is over."""

from __future__ import annotations

import asyncio
import re

from dashboard.access.sessions import Person
from dashboard.gateway.client import Client
from dashboard.gateway.frames import text_frame
from dashboard.replay import messages
from dashboard.replay.channel import Channel

MOST_ROOMS = 64
_NAME = re.compile(r"[\w.-]{1,64}")


def is_room(name: str) -> bool:
    """Whether a room can be called so."""
    return _NAME.fullmatch(name) is not None


class Rooms:
    """Every room that somebody leads, and who waits at which."""

    def __init__(self) -> None:
        self._led: dict[str, tuple[Channel, Client, Person]] = {}
        self._waiting: dict[Client, str] = {}

    def leader(self, room: str) -> tuple[Client, Person] | None:
        """Who leads a room."""
        led = self._led.get(room)
        return led[1:] if led is not None else None

    def open(self, channel: Channel, client: Client, person: Person) -> None:
        """Somebody leads from here on; whoever waits follows."""
        self._led[channel.room] = (channel, client, person)
        for each in [waiting for waiting, room in self._waiting.items() if room == channel.room]:
            del self._waiting[each]
            channel.join(each, leading=False)

    def close(self, room: str) -> None:
        """Nobody leads any more: whoever followed hears it, and waits."""
        led = self._led.pop(room, None)
        if led is None:
            return
        now = asyncio.get_running_loop().time()
        for client in led[0].followers:
            led[0].leave(client)
            client.send(text_frame(messages.ended(room)), now)
            self._waiting[client] = room

    def follow(self, client: Client, room: str) -> None:
        """Somebody follows a room, or waits until somebody leads it."""
        led = self._led.get(room)
        if led is not None:
            led[0].join(client, leading=False)
            return
        self._waiting[client] = room
        client.send(text_frame(messages.idle(room)), asyncio.get_running_loop().time())

    def leave(self, client: Client) -> None:
        """A client is gone."""
        self._waiting.pop(client, None)
        for channel, leader, _ in list(self._led.values()):
            if leader is not client:
                channel.leave(client)

    def beat(self) -> None:
        """To whoever waits: a sign of life."""
        now = asyncio.get_running_loop().time()
        for client, room in self._waiting.items():
            client.send(text_frame(messages.idle(room)), now)

    def channels(self, client: Client) -> list[Channel]:
        """What somebody follows."""
        return [channel for channel, _, _ in self._led.values() if client in channel.clients]

    @property
    def waiting(self) -> frozenset[Client]:
        """Who waits for a leader."""
        return frozenset(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether no further room can be led."""
        return len(self._led) >= MOST_ROOMS
