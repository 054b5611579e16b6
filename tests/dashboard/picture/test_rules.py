"""The rules file: read, and refused where it cannot be used."""

from pathlib import Path

import pytest

from config.theatre import Theatre
from dashboard.picture.rules import Rules, RulesError, load_rules


def test_the_theatres_rules_name_claimants_that_it_has(theatre: Theatre) -> None:
    rules = load_rules(theatre.path)
    assert rules.tally.lead
    assert set(rules.tally.lead) <= theatre.claimants.keys()
    assert {rules.tally.attacker, *rules.tally.attacker_by_country} <= theatre.countries.keys()


def test_a_theatre_without_rules_has_the_defaults(tmp_path: Path) -> None:
    assert load_rules(tmp_path) == Rules()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[night]\nstart = '25:00'", "night.start"),
        ("[night]\nzone = 'Mars/Olympus'", "night.zone"),
        ("[night]\nstrat = '18:00'", "strat"),
        ("[feeds]\ndead_after_checks = 0", "dead_after_checks"),
        ("[night", "table declaration"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "rules.toml").write_text(text)
    with pytest.raises(RulesError, match=reason) as raised:
        load_rules(tmp_path)
    assert "rules.toml" in str(raised.value)
