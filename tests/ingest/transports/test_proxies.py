"""Which proxy holds: a feed's own before the environment's, and whether there is one at all."""

import pytest

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.proxies import goes_through_proxy, proxy_of

URL = "https://source.example/feed"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def feed(proxy: str = "") -> FeedConfig:
    return FeedConfig(name="feed", format="any", transport="http", url=URL, proxy=proxy)


@pytest.mark.parametrize(
    ("set_to", "address"),
    [("http://proxy.example:3128", "http://proxy.example:3128"), ("proxy.example", "http://proxy.example")],
)
def test_a_feed_has_the_proxy_that_it_names(set_to: str, address: str) -> None:
    assert proxy_of(feed("FEED_PROXY"), {"FEED_PROXY": set_to}) == address


def test_one_that_is_not_set_is_said() -> None:
    with pytest.raises(TransportError, match="FEED_PROXY, which is not set"):
        proxy_of(feed("FEED_PROXY"), {})


def test_a_feed_that_names_none_leaves_it_to_the_environment() -> None:
    assert proxy_of(feed(), {"HTTPS_PROXY": "http://proxy.example"}) is None


def test_whether_there_is_a_proxy_in_between_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not goes_through_proxy(feed(), URL)
    assert goes_through_proxy(feed("FEED_PROXY"), URL)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    assert goes_through_proxy(feed(), URL)
    assert not goes_through_proxy(feed(), "http://source.example/")
    monkeypatch.setenv("NO_PROXY", "source.example")
    assert not goes_through_proxy(feed(), URL)
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example")
    assert goes_through_proxy(feed(), "http://other.example/")
