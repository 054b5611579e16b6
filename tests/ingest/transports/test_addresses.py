"""Which addresses are on the open network, and which are only dressed up as such."""

import pytest

from ingest.errors import TransportError
from ingest.transports.addresses import is_public, public_addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.251",
        "239.2.3.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_what_is_not_on_the_open_network(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_what_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "::1", "0"])
async def test_a_name_of_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(TransportError, match="not a public address"):
        await public_addresses(host, 80)


async def test_a_public_address_is_given_as_it_is() -> None:
    assert await public_addresses("8.8.8.8", 80) == ["8.8.8.8"]


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 70 + ".example", "a..b"])
async def test_a_name_that_is_none_is_said(host: str) -> None:
    with pytest.raises(TransportError, match="cannot find"):
        await public_addresses(host, 80)
