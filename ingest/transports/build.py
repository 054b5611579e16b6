"""Which transport a feed has."""

from __future__ import annotations

from config.feeds import FeedConfig
from ingest.transports.folder import FolderTransport
from ingest.transports.http import HttpTransport
from ingest.transports.tail import TailTransport
from ingest.transports.tcp import TcpTransport
from ingest.transports.transport import Transport
from ingest.transports.udp import UdpTransport
from ingest.transports.websocket import WebSocketTransport
from streams.allowance import Allowance


def transport_of(feed: FeedConfig, *, allowance: Allowance) -> Transport:
    """The transport of a feed; what is wrong with its address, key or certificates is told when it begins.

    allowance: where the requests of all hosts are counted. Raises ValueError for a feed that is pushed to us.
    """
    match feed.transport:
        case "http":
            return HttpTransport(feed, allowance=allowance)
        case "websocket":
            return WebSocketTransport(feed, allowance=allowance)
        case "tcp" | "tls":
            return TcpTransport(feed)
        case "udp":
            return UdpTransport(feed)
        case "file":
            return TailTransport(feed)
        case "folder":
            return FolderTransport(feed)
        case "push":
            raise ValueError(f"feed {feed.name} is pushed to us: it has no transport")
