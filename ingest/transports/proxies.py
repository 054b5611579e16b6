"""Which proxy a feed goes through: the one that it names, or the environment's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from config.feeds import FeedConfig
from ingest.errors import TransportError


def proxy_of(feed: FeedConfig, environment: Mapping[str, str] = os.environ) -> str | None:
    """The address of the feed's own proxy, or None: the environment's (`HTTPS_PROXY`, `NO_PROXY`) holds.

    Raises TransportError where the variable that the feed names is not set.
    """
    if not feed.proxy:
        return None
    address = environment.get(feed.proxy, "")
    if not address:
        raise TransportError(f"needs a proxy in the environment variable {feed.proxy}, which is not set")
    return address if "://" in address else f"http://{address}"


def goes_through_proxy(feed: FeedConfig, url: str) -> bool:
    """Whether `url` would be reached by way of a proxy, so that nobody here sees what it is connected to."""
    parts = urlsplit(url)
    proxies = getproxies()
    in_environment = bool(proxies.get(parts.scheme) or proxies.get("all"))
    return bool(feed.proxy) or (in_environment and not proxy_bypass(parts.hostname or ""))
