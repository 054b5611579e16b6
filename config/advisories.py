"""Advisories: rules over the air picture, as TOML that a person edits, in a small closed vocabulary.

A mistake stops the load with the file, the line and the reason.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.entities import LANGUAGES, Names, Slug, ThreatType
from config.theatre import Theatre
from config.toml_source import SourceError, TomlSource

Number = Annotated[int, Meta(ge=1, le=100_000)]
_CONDITIONS = ("all", "any", "none")


class AdvisoryError(SourceError):
    """Rules for advisories that cannot be used: the file, the line and what is wrong."""


class AlertIn(Struct, frozen=True, forbid_unknown_fields=True, tag_field="when", tag="alert"):
    """An air-raid alert is in force in so many regions of the first level at once.

    where: regions and groups; empty: the theatre's alert regions. level: of that level; empty: of any.
    Permanent alerts do not count.
    """

    where: tuple[str, ...] = ()
    at_least: Number = 1
    level: Literal["red", "yellow", ""] = ""


class ThreatOf(Struct, frozen=True, forbid_unknown_fields=True, tag_field="when", tag="threat"):
    """So many threats of one of these types are announced, and neither over nor stale.

    where: regions and groups; empty: anywhere, also where no place was stated.
    """

    types: Annotated[tuple[ThreatType, ...], Meta(min_length=1)]
    where: tuple[str, ...] = ()
    at_least: Number = 1


class ScrambleOf(Struct, frozen=True, forbid_unknown_fields=True, tag_field="when", tag="scramble"):
    """Jets of one of these countries are up. no_cause: and nothing that is known explains it."""

    countries: tuple[str, ...] = ()
    no_cause: bool = False


class Launched(Struct, frozen=True, forbid_unknown_fields=True, tag_field="when", tag="launched"):
    """Tonight's lead claim states so many launched."""

    of: Literal["uav", "missile"]
    at_least: Number


Condition = AlertIn | ThreatOf | ScrambleOf | Launched


class AdvisoryRule(Struct, frozen=True, forbid_unknown_fields=True):
    """An advisory is on while every condition of `all` holds, one of `any` if it has any, and none of `none`.

    lasting_min: so long at a stretch, before it is on.
    """

    key: Slug
    title: Names
    severity: Literal["notice", "warning", "alarm"]
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()
    lasting_min: Annotated[float, Meta(ge=0, le=1_440)] = 0


class _Document(Struct, frozen=True, forbid_unknown_fields=True):
    advisory: tuple[AdvisoryRule, ...] = ()


def load_advisories(theatre: Theatre, path: Path | None = None) -> tuple[AdvisoryRule, ...]:
    """The theatre's rules for advisories, `advisories.toml`; none where it has no such file.

    path: another file. Each is read once. Raises AdvisoryError.
    """
    path = path or theatre.path / "advisories.toml"
    known = _loaded.get((theatre.name, path))
    if known is None:
        known = _loaded[theatre.name, path] = _load(theatre, path)
    return known


_loaded: dict[tuple[str, Path], tuple[AdvisoryRule, ...]] = {}


def _load(theatre: Theatre, path: Path) -> tuple[AdvisoryRule, ...]:
    if not path.is_file():
        return ()
    source = TomlSource.open(path, AdvisoryError)
    rules = source.decode(_Document).advisory
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        if rule.key in seen:
            raise source.fault("advisory", index, f"{rule.key} is there twice", "key")
        seen.add(rule.key)
        if missing := [lang for lang in LANGUAGES if lang not in rule.title]:
            raise source.fault("advisory", index, f"no title in {', '.join(missing)}", "title")
        if not rule.all and not rule.any:
            raise source.fault("advisory", index, "neither `all` nor `any`: it would always be on")
        for field in _CONDITIONS:
            for condition in getattr(rule, field):
                if (wrong := _mistake(condition, theatre)) is not None:
                    raise source.fault("advisory", index, wrong, field)
    return rules


def _mistake(condition: Condition, theatre: Theatre) -> str | None:
    if isinstance(condition, ScrambleOf):
        unknown = [key for key in condition.countries if key not in theatre.countries]
        return f"no such country: {unknown[0]}" if unknown else None
    if isinstance(condition, Launched):
        return None
    unknown = [key for key in condition.where if key not in theatre.groups and key not in theatre.regions]
    return f"no such region or group: {unknown[0]}" if unknown else None
