"""Every transport that a feed may name has one, but for those that are pushed to us."""

from typing import get_args

import pytest
from redis.asyncio import Redis

from config.feeds import TRANSPORTS, FeedConfig
from ingest.transports.build import transport_of
from streams.allowance import Allowance


@pytest.mark.parametrize("name", get_args(TRANSPORTS))
async def test_each_kind_has_its_transport(name: str, redis_client: Redis) -> None:
    feed = FeedConfig(name="feed", format="any", transport=name)
    allowance = Allowance(redis_client, "eastern-flank")
    if name == "push":
        with pytest.raises(ValueError, match="feed feed is pushed to us"):
            transport_of(feed, allowance=allowance)
    else:
        assert hasattr(transport_of(feed, allowance=allowance).payloads(""), "__anext__")
