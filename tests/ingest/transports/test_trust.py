"""Whom a feed trusts: always somebody, never everybody."""

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.trust import serving, trusting


def feed(**fields: Any) -> FeedConfig:
    return FeedConfig(name="feed", format="any", transport="tls", **fields)


@pytest.fixture
def authority(tmp_path: Path) -> str:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    return str(tmp_path / "authority.pem")


def test_certificates_and_names_are_always_checked(authority: str) -> None:
    for trust in (trusting(feed()), trusting(feed(verify=authority))):
        assert trust.verify_mode == ssl.CERT_REQUIRED
        assert trust.check_hostname


def test_a_feeds_own_file_stands_in_place_of_the_systems(authority: str) -> None:
    assert trusting(feed(verify=authority)).cert_store_stats()["x509_ca"] == 1


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_file_that_does_not_serve_is_said(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "file.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TransportError, match=r"cannot use the certificates in .*file\.pem"):
        trusting(feed(verify=str(path)))
    with pytest.raises(TransportError, match=r"cannot use our certificate in .*file\.pem"):
        trusting(feed(options={"cert": str(path)}))
    with pytest.raises(TransportError, match=r"cannot use the certificates in .*file\.pem"):
        serving(feed(options={"cert": str(path)}))


def test_who_listens_needs_a_certificate() -> None:
    with pytest.raises(TransportError, match="option cert"):
        serving(feed())
