"""A TCP connection by way of an HTTP proxy: CONNECT (RFC 9110, 9.3.6)."""

from __future__ import annotations

import asyncio
import base64
import ssl
from urllib.parse import unquote, urlsplit

from ingest.errors import TransportError

HEAD_BYTES = 8_192


async def through(
    proxy: str, host: str, port: int, trust: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to `host` through `proxy`, in TLS where `trust` says whom to believe.

    Raises TransportError where the proxy refuses, OSError where it cannot be reached.
    """
    parts = urlsplit(proxy)
    if parts.scheme != "http" or not parts.hostname:
        raise TransportError("can only be reached through a proxy of http:")
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80, limit=HEAD_BYTES)
    try:
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if parts.username:
            user = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            lines.append(f"Proxy-Authorization: Basic {base64.b64encode(user).decode()}")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            raise TransportError("the proxy does not answer as HTTP has it") from None
        status = head.partition(b" ")[2][:3].decode("ascii", "replace")
        if not (head.startswith(b"HTTP/1.") and status.startswith("2")):
            raise TransportError(f"the proxy does not let us through: it answered {status}")
        if trust is not None:
            await writer.start_tls(trust, server_hostname=host)
    except BaseException:
        writer.transport.abort()
        raise
    return reader, writer
