"""Whom a feed trusts: the system's certificates or its own file's; and how we prove ourselves."""

from __future__ import annotations

import ssl

import httpx2

from config.feeds import FeedConfig
from ingest.errors import TransportError


def trusting(feed: FeedConfig) -> ssl.SSLContext:
    """A context that checks certificates and names, always; with our own certificate where the source asks.

    The feed's options `cert` and `key` are paths of ours. Raises TransportError for files that do not serve.
    """
    try:
        trust = ssl.create_default_context(cafile=feed.verify) if feed.verify else httpx2.create_ssl_context()
    except (OSError, ssl.SSLError) as error:
        raise TransportError(f"cannot use the certificates in {feed.verify}: {error}") from None
    cert = feed.options.get("cert")
    if cert:
        try:
            trust.load_cert_chain(cert, feed.options.get("key"))
        except (OSError, ssl.SSLError) as error:
            raise TransportError(f"cannot use our certificate in {cert}: {error}") from None
    return trust


def serving(feed: FeedConfig) -> ssl.SSLContext:
    """A context for those who connect to us: our certificate shown and, with `verify`, theirs asked for."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    cert = feed.options.get("cert", "")
    try:
        context.load_cert_chain(cert, feed.options.get("key"))
        if feed.verify:
            context.load_verify_locations(feed.verify)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        raise TransportError(f"cannot use the certificates in {cert or 'option cert'}: {error}") from None
    return context
