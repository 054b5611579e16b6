"""What an export says, in one language: the screens' words and the theatre's names."""

from __future__ import annotations

import datetime as dt

from babel.core import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from config.theatre import Theatre
from dashboard.locale.catalogue import catalogue


class Speech:
    """Speaks one of the theatre's languages, as `words.mjs` does on the screens."""

    def __init__(self, theatre: Theatre, lang: str) -> None:
        self.lang = lang
        self._theatre = theatre
        self._words = catalogue(lang).words
        self._locale = Locale.parse("en_GB" if lang == "en" else lang)

    def say(self, key: str, /, **values: object) -> str:
        """The words for a key, filled in; by the plural's form where a number `n` stands by them."""
        text = self._words.get(key, key)
        if "n" in values:
            digits = "".join(each for each in str(values["n"]) if each.isdigit())
            form = f"{key}|{self._locale.plural_form(int(digits))}" if digits else ""
            text = self._words.get(form, text)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def has(self, key: str) -> bool:
        """Whether there are words for a key."""
        return key in self._words

    def region(self, key: str) -> str:
        """A region's, group's or country's name; the key itself where it stands for none."""
        theatre, lang = self._theatre, self.lang
        try:
            region = theatre.region_of(key)
            return region.labels.get(lang) or region.names[lang]
        except KeyError:
            group = theatre.groups.get(key)
            return group.names[lang] if group is not None else key

    def country(self, key: str) -> str:
        """A country's name."""
        country = self._theatre.countries.get(key)
        return country.names[self.lang] if country is not None else key

    def national(self, key: str) -> str:
        """ "Polish" of "PL"; the country's name where there is no such word."""
        return self.say(f"national.{key}") if self.has(f"national.{key}") else self.country(key)

    def claimant(self, key: str) -> str:
        """A claimant's name."""
        claimant = self._theatre.claimants.get(key)
        return claimant.names[self.lang] if claimant is not None else key

    def weapon(self, key: str) -> str:
        """A weapon's name."""
        weapon = self._theatre.weapons.get(key)
        return weapon.names[self.lang] if weapon is not None else key

    def subject(self, key: str) -> str:
        """The name of whatever a key stands for, or the key itself: it may be a name already."""
        theatre, lang = self._theatre, self.lang
        for named in (theatre.regions, theatre.groups, theatre.countries, theatre.places):
            if key in named:
                return self.region(key) if named is theatre.regions else named[key].names[lang]
        if key in theatre.bases:
            return theatre.bases[key].name
        return self.region(key) if key not in theatre.claimants else self.claimant(key)

    def number(self, value: float, digits: int | None = None) -> str:
        """A number as the language writes it. digits: after the decimal sign, so many exactly."""
        pattern = None if digits is None else f"#,##0.{'0' * digits}"
        return str(format_decimal(value, format=pattern, locale=self._locale))

    def date(self, day: dt.date) -> str:
        """A day, in full."""
        return format_date(day, format="long", locale=self._locale)

    def age(self, seconds: float) -> str:
        """ "48 s", "12 min", "3 h 05"."""
        if seconds < 90:
            return self.say("unit.s", n=round(seconds))
        minutes = round(seconds / 60)
        if minutes < 60:
            return self.say("unit.min", n=minutes)
        return self.say("unit.h_min", h=minutes // 60, min=f"{minutes % 60:02}")
