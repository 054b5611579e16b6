"""What a connection's failure is, in words for a person."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator


def tls_failure(error: BaseException) -> str:
    """What TLS found wrong; empty where it was not TLS."""
    for below in _causes(error):
        if isinstance(below, ssl.SSLCertVerificationError):
            return f"TLS: its certificate is not to be trusted: {below.verify_message}"
        if isinstance(below, ssl.SSLError):
            return f"TLS: {getattr(below, 'reason', None) or below}"
    return ""


def in_words(error: BaseException) -> str:
    """What the system said, whatever was made of it above."""
    said = str(error)
    for below in _causes(error):
        if isinstance(below, socket.gaierror):
            return below.strerror or said
        if isinstance(below, OSError) and below.errno:
            said = os.strerror(below.errno)
    return said


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
