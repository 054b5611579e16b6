"""Forms: what a browser's form said."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import Request

MOST_FIELDS = 8


async def fields_of(request: Request) -> dict[str, str]:
    """The fields; none of a form that is none, or has too many."""
    try:
        text = (await request.body()).decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}
