"""What the attack table's `model` names stand for: the class that they count as, and the theatre's weapon.

A name of several models ("X-101/X-555 and Kalibr") has their class and no weapon: whose the number is, is not
said. The table writes Х of Cyrillic as X and С as C.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from config.theatre import Theatre

WeaponClass = Literal["uav", "missile", "bomb"]

_CALLED = {
    "X-101/X-555": "X-101",
    "X-59/X-69": "X-59",
    "X-59MK2": "X-59",
    "X-31PD": "X-31P",
    "X-47 Kinzhal": "Kinzhal",
    "C-300": "S-300",
    "C-300/C-400": "S-300",
    "C-400": "S-300",
    "Intercontinental Ballistic Missile": "ballistic missile",
    "GBU": "guided-bomb",
}
"""The theatre's name for a model that it does not know by the table's."""

_CLASS: dict[str, WeaponClass] = {
    "Unknown UAV": "uav",
    "Unknown Missile": "missile",
    "Eleron": "uav",
    "Granat-4": "uav",
    "Kub": "uav",
    "Orion": "uav",
    "Картограф": "uav",
    "Привет-82": "uav",
    "Фенікс": "uav",
    "Aerial Bomb": "bomb",
}
"""Models that the theatre has no weapon for."""

_CALLED_FOLDED = {name.casefold(): called for name, called in _CALLED.items()}
_CLASS_FOLDED = {name.casefold(): weapon_class for name, weapon_class in _CLASS.items()}
_UNNAMED = frozenset({"unknown uav", "unknown missile"})


class Model(NamedTuple):
    """One `model`. weapon_class: None where it is unknown, or its parts differ. weapon: a key, or None."""

    weapon_class: WeaponClass | None
    weapon: str | None
    unknown: tuple[str, ...] = ()
    """The names in it that are no weapon of the theatre, but for those that name none."""


class Models:
    """The models of one theatre's weapons."""

    def __init__(self, theatre: Theatre) -> None:
        self._theatre = theatre
        self._seen: dict[str, Model] = {}

    def model(self, name: str) -> Model:
        """What a name of the table stands for."""
        found = self._seen.get(name)
        if found is None:
            found = self._model(name)
            if len(self._seen) < 1_000:
                self._seen[name] = found
        return found

    def _model(self, name: str) -> Model:
        parts = [self._one(part.strip()) for part in name.split(" and ")]
        classes = {part.weapon_class for part in parts}
        unknown = tuple(name for part in parts for name in part.unknown)
        weapon = parts[0].weapon if len(parts) == 1 else None
        return Model(classes.pop() if len(classes) == 1 else None, weapon, unknown)

    def _one(self, name: str) -> Model:
        weapon = self._theatre.resolve_weapon(_CALLED_FOLDED.get(name.casefold(), name))
        if weapon is not None:
            return Model(weapon.weapon_class, weapon.key)
        unknown = () if name.casefold() in _UNNAMED else (name[:80],)
        return Model(_CLASS_FOLDED.get(name.casefold()), None, unknown)
