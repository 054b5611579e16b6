"""The throttle: how often one may try to sign in, counted in the store before any password is looked at."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple

from redis.asyncio import Redis

from dashboard.access.names import tries_key
from dashboard.access.secrets import digest
from streams.store import answering


class Bound(NamedTuple):
    """So many tries within so many seconds."""

    tries: int
    within_s: int


PAIR = Bound(5, 300)
"""Of one address for one account."""
ADDRESS = Bound(30, 300)
"""Of one address for all accounts."""
ACCOUNT = Bound(100, 900)
"""Of all addresses for one account: many, lest a stranger lock an operator out."""
AWAY = Bound(120, 300)
"""Of one address, to be sent to the provider, which counts passwords itself."""

# Counts first and looks then, so that a hundred tries at once are a hundred. Seconds to wait, or 0.
_COUNT = """
local wait = 0
for i = 1, #KEYS do
  local count = redis.call('INCR', KEYS[i])
  if count == 1 then redis.call('EXPIRE', KEYS[i], ARGV[2 * i]) end
  if count > tonumber(ARGV[2 * i - 1]) then wait = math.max(wait, redis.call('TTL', KEYS[i]), 1) end
end
return wait
"""


class Throttle:
    """Counts tries in the store that `client` reaches. All raise StoreError without it."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._count = client.register_script(_COUNT)

    async def wait_s(self, account: str, address: str) -> int:
        """Count a try; 0 where it may be made, else the seconds until another may."""
        pair, place, of_account = _keys(account, address)
        bounds = [str(number) for bound in (PAIR, ADDRESS, ACCOUNT) for number in bound]
        async with answering("count a try"):
            return int(await self._count(keys=[pair, place, of_account], args=bounds))

    async def wait_away_s(self, address: str) -> int:
        """Count a browser that is to be sent to the provider; 0 where it may go, else seconds to wait."""
        key = tries_key("away", digest(network_of(address)))
        async with answering("count a try"):
            return int(await self._count(keys=[key], args=[str(number) for number in AWAY]))

    async def forgive(self, account: str, address: str) -> None:
        """The try was right: this address's tries for this account count no more."""
        async with answering("forgive tries"):
            await self._client.delete(_keys(account, address)[0])


def _keys(account: str, address: str) -> tuple[str, str, str]:
    place = network_of(address)
    return (
        tries_key("pair", digest(f"{account} {place}")),
        tries_key("address", digest(place)),
        tries_key("account", digest(account)),
    )


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the /64 that one host may choose from."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
