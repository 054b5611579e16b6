"""Layouts of the wall: which of its parts are on the glass, as TOML that a person edits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.entities import Slug
from config.toml_source import TomlSource

FILE = Path(__file__).parent / "layouts.toml"

Part = Literal["map", "panel", "strip", "ticker"]


class Layout(Struct, frozen=True, forbid_unknown_fields=True):
    """parts: what is shown. figures: factor for the size of the panel's letters."""

    parts: Annotated[tuple[Part, ...], Meta(min_length=1)]
    figures: Annotated[float, Meta(ge=0.5, le=2)] = 1.0


class _Layouts(Struct, frozen=True, forbid_unknown_fields=True):
    layouts: dict[Slug, Layout]


def load_layouts(path: Path = FILE) -> dict[str, Layout]:
    """By name. Raises SourceError with the line of a mistake, and where there is neither map nor panel."""
    source = TomlSource.open(path)
    layouts = source.decode(_Layouts).layouts
    for name, layout in layouts.items():
        if not {"map", "panel"} & set(layout.parts):
            raise source.fault(f"layouts.{name}", 0, "shows neither map nor panel", "parts")
    if "full" not in layouts:
        raise source.fault_at("layouts", "there is none of the name full, which a wall begins with")
    return dict(layouts)
