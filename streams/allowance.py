"""The allowance: what a source lets all our hosts ask of it together, counted by the store's clock."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from redis.asyncio import Redis

from streams.names import key
from streams.store import answering

# KEYS: the instants of what was granted, a sorted set in microseconds. ARGV: pairs of a limit's number and
# its window in microseconds. Answers microseconds to wait; 0, and it is granted. An instant that lies ahead
# of the clock is one from before the clock was put back: it counts as granted now.
_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function mark(at)
  while redis.call('ZADD', KEYS[1], 'NX', string.format('%.0f', at), string.format('%.0f', at)) == 0 do
    at = at - 1
  end
end
for _, ahead in ipairs(redis.call('ZRANGE', KEYS[1], '(' .. string.format('%.0f', now), '+inf', 'BYSCORE')) do
  redis.call('ZREM', KEYS[1], ahead)
  mark(now)
end
local wait = 0
local longest = 0
for i = 1, #ARGV, 2 do
  local window = tonumber(ARGV[i + 1])
  longest = math.max(longest, window)
  local nth = redis.call('ZRANGE', KEYS[1], ARGV[i] - 1, ARGV[i] - 1, 'REV')[1]
  if nth then wait = math.max(wait, nth + window - now) end
end
if wait <= 0 and longest > 0 then
  wait = 0
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. string.format('%.0f', now - longest))
  mark(now)
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(longest / 1000)))
end
return string.format('%.0f', wait)
"""


class Allowance:
    """Grants requests, one at a time, so that in no window there are more than its limit.

    client, theatre: as for Publisher.
    """

    def __init__(self, client: Redis, theatre: str) -> None:
        self._theatre = theatre
        self._script = client.register_script(_SCRIPT)

    async def wait(self, name: str, limits: Sequence[tuple[int, float]]) -> float:
        """Wait until one request is granted; for how many seconds that was. As for `ask`."""
        waited_s = 0.0
        while wait_s := await self.ask(name, limits):
            await asyncio.sleep(wait_s)
            waited_s += wait_s
        return waited_s

    async def ask(self, name: str, limits: Sequence[tuple[int, float]]) -> float:
        """Seconds after which to ask again; 0.0, and one request is granted and counted.

        name: whose allowance. limits: of each, so many requests in so many seconds; all hold at once.
        Raises StoreError when the store cannot be reached: then nothing is granted.
        """
        arguments: list[int] = []
        for requests, per_s in limits:
            arguments += (requests, round(per_s * 1_000_000))
        async with answering("ask the allowance"):
            wait_us = await self._script(keys=[key(self._theatre, f"allowance:{name}")], args=arguments)
        return int(wait_us) / 1_000_000
