"""Where an event comes from, and what its feed's configuration asks of its format."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from ingest.decoding import Context
from ingest.refusals import refusal

Options = TypeVar("Options", bound=msgspec.Struct)


def origin(context: Context) -> dict[str, Any]:
    """The fields of an event that its feed fills, whatever the payload says."""
    return {
        "feed": context.feed,
        "status": context.status,
        "run": context.run,
        "claimant": context.claimant,
        "reliability": context.reliability,
        "credibility": context.credibility,
    }


def options(context: Context, of: type[Options]) -> Options:
    """The feed's options as the struct `of`; those that it does not know are its transport's.

    Raises DecodeError, naming the option, for one of another type.
    """
    try:
        return msgspec.convert(context.options, of)
    except msgspec.ValidationError as error:
        raise refusal(context.feed, error, b"", at="options") from error
