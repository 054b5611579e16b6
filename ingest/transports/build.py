"""Which transport a feed has."""

from __future__ import annotations

from config.feeds import FeedConfig
from ingest.transports.http import HttpTransport
from ingest.transports.transport import Transport
from streams.allowance import Allowance


def transport_of(feed: FeedConfig, *, allowance: Allowance) -> Transport:
    """The transport of a feed; what is wrong with its address, key or certificates is told when it begins.

    allowance: where the requests of all hosts are counted. Raises ValueError for a feed that is pushed to us.
    """
    if feed.transport == "http":
        return HttpTransport(feed, allowance=allowance)
    raise ValueError(f"feed {feed.name} is pushed to us: it has no transport")
