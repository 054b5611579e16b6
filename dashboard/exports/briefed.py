"""The briefing that an export is of: given whole, or by the id under which it is saved."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import msgspec

from dashboard.api.problems import ApiError
from dashboard.briefings.shelf import load_briefing

if TYPE_CHECKING:
    from config.settings import Settings

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)


async def briefing_of(given: Any, settings: Settings) -> Any:
    """What was given, or what is saved under the id that was given; None where nothing was.

    Raises ApiError where there is none of that id, or where it cannot be read.
    """
    if not isinstance(given, str):
        return given
    try:
        found = (
            await asyncio.to_thread(load_briefing, settings.var, settings.theatre, given)
            if _ID.fullmatch(given)
            else None
        )
    except OSError as error:
        raise ApiError("store", "the briefings cannot be read now") from error
    if found is None:
        raise ApiError("parameter", "there is no briefing of this id", "briefing")
    return msgspec.to_builtins(found)
