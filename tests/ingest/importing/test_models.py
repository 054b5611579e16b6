"""The table's names of weapons stand for classes and for the theatre's weapons."""

import pytest

from config.theatre import Theatre
from ingest.importing.models import Model, Models


@pytest.mark.parametrize(
    ("name", "weapon_class", "weapon"),
    [
        ("Shahed-136/131", "uav", "shahed-136"),
        ("X-101/X-555", "missile", "kh-101"),
        ("X-59/X-69", "missile", "kh-59"),
        ("X-47 Kinzhal", "missile", "kinzhal"),
        ("C-300/C-400", "missile", "s-300"),
        ("Iskander-M/KN-23", "missile", "iskander-m"),
        ("Молнія", "uav", "molniya"),
        ("Intercontinental ballistic missile", "missile", "ballistic-missile"),
        ("GBU", "bomb", "guided-bomb"),
        ("Unknown UAV", "uav", None),
        ("Unknown Missile", "missile", None),
        ("X-101/X-555 and Kalibr", "missile", None),
        ("Orlan-10 and ZALA and Supercam", "uav", None),
    ],
)
def test_a_model_has_a_class_and_perhaps_a_weapon(
    theatre: Theatre, name: str, weapon_class: str, weapon: str | None
) -> None:
    assert Models(theatre).model(name) == Model(weapon_class, weapon)


def test_a_model_without_a_weapon_is_named(theatre: Theatre) -> None:
    assert Models(theatre).model("Eleron") == Model("uav", None, ("Eleron",))
    assert Models(theatre).model("Death Star") == Model(None, None, ("Death Star",))
    assert Models(theatre).model("Kalibr and Death Star") == Model(None, None, ("Death Star",))


def test_models_of_two_classes_have_none_together(theatre: Theatre) -> None:
    assert Models(theatre).model("Lancet and Kalibr") == Model(None, None)
