"""What each region is under, and how many are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
REGIONS: Json = {
    "UA-46": {"parent": "UA"},
    "UA-59": {"parent": "UA"},
    "UA-09": {"parent": "UA"},
    "raion": {"parent": "UA-46"},
    "UA": {},
}
DRAWN = ["UA-46", "UA-59", "UA-09"]
BY_REGION = """(m, [alerts, regions, drawn]) => {
    const found = Object.entries(m.byRegion(alerts, regions, new Set(drawn)));
    return Object.fromEntries(found.map(([key, r]) => [key, [r.kind, r.since, r.parts.size]]));
}"""


def alert(region: str, level: str = "", since: str | None = None, **more: Any) -> Json:
    return {
        "region": region,
        "alert_type": "air_raid",
        "level": level,
        **({"since": since} if since else {}),
        **more,
    }


def by_region(modules: Callable[..., Any], *alerts: Json) -> Any:
    return modules("alerts", BY_REGION, [{str(n): each for n, each in enumerate(alerts)}, REGIONS, DRAWN])


def test_red_wins_over_yellow_with_its_own_start(modules: Callable[..., Any]) -> None:
    got = by_region(
        modules,
        alert("UA-46", "yellow", "1970-01-01T00:00:01Z"),
        alert("UA-46", "red", "1970-01-01T00:00:05Z"),
    )
    assert got == {"UA-46": ["red", 5000, 0]}


def test_an_alert_without_level_is_an_alert(modules: Callable[..., Any]) -> None:
    assert by_region(modules, alert("UA-59"))["UA-59"][0] == "plain"


def test_a_raion_counts_for_the_oblast_that_is_drawn(modules: Callable[..., Any]) -> None:
    assert by_region(modules, alert("raion", "red", "1970-01-01T00:00:02Z")) == {"UA-46": ["red", 2000, 1]}


def test_a_region_that_nobody_knows_is_not_drawn(modules: Callable[..., Any]) -> None:
    assert by_region(modules, alert("atlantis", "red")) == {}


def test_a_permanent_alert_is_never_the_longest(modules: Callable[..., Any]) -> None:
    got = modules(
        "alerts",
        "(m, [r, keys]) => m.summary(r, keys)",
        [
            {
                "UA-09": {"kind": "permanent", "since": 0},
                "UA-46": {"kind": "red", "since": 7},
                "UA-59": {"kind": "yellow", "since": 3},
            },
            DRAWN,
        ],
    )
    assert (got["n"], got["of"], got["permanent"], got["red"], got["yellow"]) == (3, 3, 1, 1, 1)
    assert got["longest"] == {"region": "UA-59", "since": 3}
