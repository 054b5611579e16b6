"""Words in the language of whoever asks: the server's own pages are made with it."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache

from babel import Locale

from config.theatre import LANGUAGES
from dashboard.locale.catalogue import catalogue

SPOKEN: ContextVar[str] = ContextVar("spoken", default="en")
"""The language of the answer to the request at hand."""


def say(key: str, **values: object) -> str:
    """The words for a key in the language of the request, filled in; by the number `n`
    where one stands by them.

    Raises KeyError for a key that is not in the catalogue.
    """
    lang = SPOKEN.get()
    words = catalogue(lang).words
    number = values.get("n")
    form = f"{key}|{Locale(lang).plural_form(number)}" if isinstance(number, int) else key
    return words.get(form, words[key]).format(**values)


@cache
def own_names() -> Mapping[str, str]:
    """Each language by its own name: "Polski"."""
    return {lang: str(Locale(lang).language_name).capitalize() for lang in LANGUAGES}
