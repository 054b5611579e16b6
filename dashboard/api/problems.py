"""Problems: every refusal of the API is a problem document (RFC 9457) that names what is wrong."""

from __future__ import annotations

import msgspec
from fastapi import Response

from dashboard.api.shape import Problem

RETRY_S = 2
_TITLES = {
    "parameter": "A parameter cannot be used",
    "not-found": "There is nothing here",
    "store": "The store is out of reach",
    "ingest": "Ingest cannot be reached",
    "busy": "Too many questions at once",
    "sign-in": "Nobody is signed in",
    "role": "Your role may not do this",
    "origin": "This did not come from a page of ours",
    "too-large": "This is too large",
    "stale": "Somebody changed it meanwhile",
}
_STATUSES = {
    "parameter": 400,
    "not-found": 404,
    "store": 503,
    "ingest": 503,
    "busy": 503,
    "sign-in": 401,
    "role": 403,
    "origin": 403,
    "too-large": 413,
    "stale": 409,
}


class ApiError(Exception):
    """A request that gets no answer. kind: one of `_TITLES`."""

    def __init__(self, kind: str, detail: str, parameter: str = "") -> None:
        super().__init__(f"{parameter}: {detail}" if parameter else detail)
        self.problem = Problem(
            type=f"urn:watchfloor:problem:{kind}",
            title=_TITLES[kind],
            status=_STATUSES[kind],
            detail=detail,
            parameter=parameter,
        )


def response_of(error: ApiError) -> Response:
    """The refusal as HTTP."""
    problem = error.problem
    headers = {"Cache-Control": "no-store"}
    if problem.status == 503:
        headers["Retry-After"] = str(RETRY_S)
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=headers,
    )
