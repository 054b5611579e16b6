"""The APP-6 symbols of the map: which code stands for what, and their drawing into assets/symbols.

`python -m dashboard.views.symbols` draws them anew with milsymbol; a test holds the files to that drawing, so
that the running app needs neither milsymbol nor its data.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "assets" / "symbols"

SYMBOLS: dict[str, str] = {
    "drones": "10060100001103000000",
    "cruise_missiles": "10060200001100000700",
    "ballistic_missiles": "10060200001100000600",
    "unspecified_missiles": "10060200001100000000",
    "guided_aerial_bombs": "10060200001100000000",
    "strategic_aircraft_activity": "10060100001101030000",
    "tactic_aircraft_activity": "10060100001101020000",
    "mig31k_departure": "10060100001101050000",
    "air_defense": "10031000001301000000",
    "unknown": "10060100000000000000",
    "fighter": "10030100001101040000",
    "track_friend_military": "10030100001101000000",
    "track_friend_civil": "10030100001201000000",
    "track_neutral_military": "10040100001101000000",
    "track_neutral_civil": "10040100001201000000",
    "track_hostile_military": "10060100001101000000",
    "track_hostile_civil": "10060100001201000000",
    "track_unknown_military": "10010100001101000000",
    "track_unknown_civil": "10010100001201000000",
}
"""Threat type, our own `fighter`, and tracks by affiliation and use, to the SIDC, 20 digits: APP-6E, the same
as MIL-STD-2525E."""

_CIVIL_FILL = "rgb(255,161,255)"
_FILLS = {"1": "rgb(255,255,128)", "3": "rgb(128,224,255)", "4": "rgb(170,255,170)", "6": "rgb(255,128,128)"}
"""By the digit of the standard identity."""


def draw(sidc: str) -> str:
    """The symbol as SVG text.

    The standard leaves it open whether what is civil has a colour of its own. Here it has its affiliation's:
    nothing but an exercise is violet on these screens.
    """
    from milsymbol import Symbol

    return str(Symbol(sidc, size=80).as_svg()).replace(_CIVIL_FILL, _FILLS[sidc[3]])


def main() -> None:
    """Write every symbol's file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, sidc in SYMBOLS.items():
        (FOLDER / f"{name}.svg").write_text(draw(sidc) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
