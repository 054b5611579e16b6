"""The way to the intake's door: an operator's act, with their name and the key that only we two know."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx2
import msgspec
from fastapi import Response

from dashboard.api.problems import ApiError
from streams.proof import door_key
from streams.store import connect

if TYPE_CHECKING:
    from config.settings import Settings

ANSWER_WITHIN_S = 7.0
"""The door answers within five, whatever becomes of the act."""
CONNECT_WITHIN_S = 1.0
AWAY = "ingest cannot be reached: whether it was done is not known; look, or send it again"


class Forward:
    """Hands acts on to the door of these settings."""

    def __init__(self, settings: Settings) -> None:
        self._store_url = settings.store_url
        host = f"[{settings.intake_host}]" if ":" in settings.intake_host else settings.intake_host
        self._door = f"http://{host}:{settings.intake_port}/v1"
        self._key = ""

    async def send(self, path: str, asked: bytes, by: str) -> Response:
        """The door's answer, as it is. asked: the request's body, of JSON. by: who asks.

        Raises ApiError where the body is no JSON or the door cannot be reached, StoreError without a store.
        """
        try:
            msgspec.json.decode(asked)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ApiError("parameter", f"is not JSON: {error}", "body") from error
        body = msgspec.json.encode({"by": by, "asked": msgspec.Raw(asked)})
        answer = await self._post(path, body)
        if answer.status_code == 401:
            # The store may be another than when the key was read.
            self._key = ""
            answer = await self._post(path, body)
        if answer.status_code == 401:
            raise ApiError("store", "ingest and this process do not use the same store")
        return Response(
            answer.content,
            answer.status_code,
            media_type=answer.headers.get("content-type", "application/json"),
            headers={"Cache-Control": "no-store"},
        )

    async def _post(self, path: str, body: bytes) -> httpx2.Response:
        if not self._key:
            self._key = await self._read_key()
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        timeout = httpx2.Timeout(ANSWER_WITHIN_S, connect=CONNECT_WITHIN_S)
        try:
            # To our own door on loopback, whatever proxies the environment names.
            async with (
                asyncio.timeout(ANSWER_WITHIN_S),
                httpx2.AsyncClient(trust_env=False, verify=False, timeout=timeout) as client,
            ):
                return await client.post(f"{self._door}/{path}", content=body, headers=headers)
        except (httpx2.HTTPError, TimeoutError) as error:
            raise ApiError("ingest", AWAY) from error

    async def _read_key(self) -> str:
        client = connect(self._store_url)
        try:
            return await door_key(client)
        finally:
            await client.aclose()
