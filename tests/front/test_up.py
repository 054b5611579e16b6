"""Starting: what is in the way is said before anything starts."""

import socket

import pytest

import watchfloor
from config.settings import Settings, settings
from front.up import taken_ports


def test_a_port_in_use_is_named_with_its_setting() -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]

        lines = taken_ports(Settings(gateway_port=port))

    assert [line for line in lines if line.startswith(f"WATCHFLOOR_GATEWAY_PORT={port}: is in use")]


def test_the_store_port_does_not_matter_where_a_redis_is_named() -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]

        lines = taken_ports(Settings(store_port=port, REDIS_URL="redis://127.0.0.1:1/0"))

    assert not [line for line in lines if "STORE" in line]


@pytest.mark.parametrize("command", ["up", "store", "ingest", "gateway", "web", "doctor"])
def test_a_wrong_setting_stops_every_process_with_its_name_value_and_what_is_allowed(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.cache_clear()
    monkeypatch.setenv("WATCHFLOOR_PORT", "99999")
    monkeypatch.setenv("WATCHFLOOR_HOST", "0.0.0.0")

    status = watchfloor.main([command])

    settings.cache_clear()
    said = capsys.readouterr().err
    assert status == 78
    assert "WATCHFLOOR_PORT=99999: Input should be less than or equal to 65535" in said
    assert "WATCHFLOOR_HOST=0.0.0.0: must be a loopback address" in said
