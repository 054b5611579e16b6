"""The feeds' configuration: laid over the catalogue, checked, and wrong only with file, line and reason."""

from pathlib import Path

import pytest

from config.feeds import FeedsError, load_feeds
from config.theatre import load_theatre


def write(folder: Path, text: str) -> Path:
    path = folder / "feeds.toml"
    path.write_text(text)
    return path


def feed(own: Path, name: str):  # type: ignore[no-untyped-def]
    return next(feed for feed in load_feeds(load_theatre(), own) if feed.name == name)


def test_an_installation_switches_on_and_tunes_what_the_catalogue_has(tmp_path: Path) -> None:
    own = write(tmp_path, "[feeds.alerts-in-ua]\non = true\nevery_s = 30\n")
    tuned, known = feed(own, "alerts-in-ua"), feed(tmp_path / "none.toml", "alerts-in-ua")

    assert (tuned.on, tuned.every_s) == (True, 30)
    assert (known.on, tuned.url, tuned.limits) == (False, known.url, known.limits)


def test_a_key_comes_from_the_environment_only(tmp_path: Path) -> None:
    tuned = feed(tmp_path / "none.toml", "alerts-in-ua")

    assert tuned.secret_value({tuned.secret: "a key"}) == "a key"
    assert tuned.secret_value({}) == ""


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[feeds.a]\nformat = "own"\ntransport = "pigeon"\n', 3, "pigeon"),
        ('[feeds.a]\nformat = "own"\ntransport = "http"\nurl = "ftp://x/"\n', 4, "must start with http"),
        ('[feeds.a]\nformat = "own"\ntransport = "http"\non = true\n', 1, "url is missing"),
        ('[feeds.a]\nformat = "own"\ntransport = "push"\nclaimant = "me"\n', 4, "'me'"),
        ('[feeds.a]\nformat = "own"\ntransport = "push"\nevery_s = 0\n', 4, "every_s"),
        ('[feeds.a]\nformat = "own"\ntransport = "push"\ntoken = "x"\n', 4, "token"),
        ('[feeds.a]\nformat = "own"\ntransport = "push"\nsecret = "my-key"\n', 4, "secret"),
        ("[feeds.a\n", 1, "TOML"),
    ],
)
def test_a_mistake_is_named_by_file_line_and_reason(tmp_path: Path, text: str, line: int, says: str) -> None:
    own = write(tmp_path, text)
    with pytest.raises(FeedsError) as wrong:
        load_feeds(load_theatre(), own)

    assert wrong.value.file == own
    assert wrong.value.line == line
    assert says in str(wrong.value) or says == "TOML"
