"""Failures in words: the system's own, however deep they lie."""

import errno
import socket
import ssl

from ingest.transports.failures import in_words, tls_failure


def wrapped(cause: Exception) -> Exception:
    above = RuntimeError("All connection attempts failed")
    above.__cause__ = OSError("several")
    above.__cause__.__context__ = cause
    return above


def test_the_systems_word_is_found_below() -> None:
    refused = ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('192.0.2.1', 80)")
    assert in_words(wrapped(refused)) == "Connection refused"
    assert in_words(wrapped(socket.gaierror(-2, "Name or service not known"))) == "Name or service not known"
    assert in_words(RuntimeError("something else")) == "something else"


def test_tls_is_told_apart() -> None:
    distrusted = ssl.SSLCertVerificationError("bad")
    distrusted.verify_message = "self-signed certificate"
    expected = "TLS: its certificate is not to be trusted: self-signed certificate"
    assert tls_failure(wrapped(distrusted)) == expected
    assert tls_failure(wrapped(ssl.SSLError(1, "[SSL] wrong version"))).startswith("TLS: ")
    assert tls_failure(wrapped(ConnectionResetError())) == ""
