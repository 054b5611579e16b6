"""The OpenAPI document, made from the types that the answers are made of; published as docs/openapi.json."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from dashboard.api.handover import HandoverAnswer
from dashboard.api.question import BINS, EVENTS, KINDS, MOST_BINS, MOST_EVENTS, MOST_ROWS, ROWS, STATUSES
from dashboard.api.replay import MOST_DAYS, DensityAnswer, ExtentAnswer
from dashboard.api.shape import Answer, EventAnswer, EventsAnswer, Problem, RowsAnswer
from dashboard.briefings.answer import BriefingAnswer, BriefingsAnswer, Save, SavedAnswer
from dashboard.briefings.marks import MarksAnswer
from dashboard.exports.answer import JobAnswer, JobBegun, JobsAnswer, ReportsAnswer
from dashboard.exports.asked import KINDS as EXPORTS

VERSION = "1"
_IN_PATH = {"in": "path", "required": True}
_INSTANT = {"type": "string", "format": "date-time"}


def openapi_document() -> str:
    """OpenAPI 3.1 as indented JSON, with a line's end."""
    (answer, events, rows, event, handover, extent, density, *others, problem), components = (
        msgspec.json.schema_components(
            [
                Answer,
                EventsAnswer,
                RowsAnswer,
                EventAnswer,
                HandoverAnswer,
                ExtentAnswer,
                DensityAnswer,
                JobsAnswer,
                JobAnswer,
                JobBegun,
                ReportsAnswer,
                MarksAnswer,
                BriefingsAnswer,
                BriefingAnswer,
                Save,
                SavedAnswer,
                Problem,
            ],
            ref_template="#/components/schemas/{name}",
        )
    )
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Watchfloor",
            "version": VERSION,
            "description": "The air picture, from public sources. Where people sign in: for viewers.",
        },
        "paths": {
            "/api/v1/picture": {
                "get": _operation(
                    "picture",
                    "The air picture: now, as it was known then, or about any instant.",
                    [
                        _parameter(
                            "at", "The world's instant that is asked about; with its offset.", _INSTANT
                        ),
                        _parameter("known_at", "Only what had been received by then counts.", _INSTANT),
                        _parameter(
                            "status",
                            "Which status of events. Absent, with `at`: actual where that shows some, else "
                            "exercise; absent, without `at`: the one that this installation shows.",
                            {"enum": ["actual", "exercise"]},
                        ),
                    ],
                    answer,
                    problem,
                )
            },
            "/api/v1/events": {
                "get": _operation(
                    "events",
                    "Events in the order in which they were received. Every filter that is given must hold.",
                    [
                        _parameter("kind", "", {"enum": list(KINDS)}),
                        _parameter("feed", "Who relayed it.", {"type": "string"}),
                        _parameter("claimant", "Who states it.", {"type": "string"}),
                        _parameter(
                            "region",
                            "A region or any below it: its key in the theatre, or an alert feed's uid.",
                            {"type": "string"},
                        ),
                        _parameter("status", "", {"enum": list(STATUSES)}),
                        _parameter("since", "What it is about lasts until then at least.", _INSTANT),
                        _parameter("until", "What it is about begins before then.", _INSTANT),
                        _parameter("cursor", "`next` or `position` of another answer.", {"type": "string"}),
                        _parameter(
                            "limit",
                            "Events at most.",
                            {"type": "integer", "minimum": 1, "maximum": MOST_EVENTS, "default": EVENTS},
                        ),
                    ],
                    events,
                    problem,
                )
            },
            "/api/v1/events/{id}": {
                "get": _operation(
                    "event",
                    "Everything about one event: its revisions, and what was done about it.",
                    [
                        _parameter("id", "The event's id.", {"type": "string"}) | _IN_PATH,
                        _parameter(
                            "revision",
                            "One that is wanted at least; those from 1 to 200 are looked for anyway.",
                            {"type": "integer", "minimum": 0},
                        ),
                    ],
                    event,
                    problem,
                    missing="There is no event of this id.",
                )
            },
            "/api/v1/rows": {
                "get": _operation(
                    "rows",
                    "What was received, compact, for a table: the newest first, or what came after a cursor.",
                    [
                        _parameter("before", "`next` of another answer: go on back.", {"type": "string"}),
                        _parameter(
                            "after",
                            "`position` of another answer: what has come since, oldest first.",
                            {"type": "string"},
                        ),
                        _parameter(
                            "limit",
                            "Rows at most.",
                            {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS},
                        ),
                    ],
                    rows,
                    problem,
                )
            },
            "/api/v1/handover": {
                "get": _operation(
                    "handover",
                    "What happened on a watch, for whoever takes over.",
                    [
                        _parameter(
                            "since",
                            "By our clock, seven days back at most; absent: the last handover in the log.",
                            _INSTANT,
                        )
                    ],
                    handover,
                    problem,
                )
            },
            "/api/v1/replay/extent": {
                "get": _operation(
                    "replayExtent", "From when to when there is something to replay.", [], extent, problem
                )
            },
            "/api/v1/replay/density": {
                "get": _operation(
                    "replayDensity",
                    "How much came between two instants, in bins of one length.",
                    [
                        _parameter("from", "By our clock; it must be given.", _INSTANT),
                        _parameter("to", f"At most {MOST_DAYS} days later; it must be given.", _INSTANT),
                        _parameter(
                            "bins",
                            "",
                            {"type": "integer", "minimum": 1, "maximum": MOST_BINS, "default": BINS},
                        ),
                        *_WHICH,
                    ],
                    density,
                    problem,
                )
            },
            **_exports(others[:4], problem),
            **_briefings(others[4:], problem),
        },
        "components": {"schemas": components},
    }
    return msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=1).decode() + "\n"


def _briefings(schemas: Sequence[Any], problem: Any) -> dict[str, Any]:
    marks, listed, one, save, saved = schemas
    post = _operation("briefingSave", "Save a briefing's first version, or the next.", [], saved, problem)
    post["requestBody"] = {"required": True, "content": {"application/json": {"schema": save}}}
    stale = "Somebody saved meanwhile: `current` is theirs, `by` who."
    post["responses"]["409"] = {
        "description": stale,
        "content": {"application/problem+json": {"schema": problem}},
    }
    instants = [_parameter(name, "By our clock; it must be given.", _INSTANT) for name in ("from", "to")]
    name = _parameter("id", "The briefing's id.", {"type": "string"}) | _IN_PATH
    version = _parameter("version", "Absent: the last one.", {"type": "integer", "minimum": 1})
    return {
        "/api/v1/replay/marks": {
            "get": _operation(
                "replayMarks",
                "What between two instants is worth a mark: the draft of a briefing.",
                [*instants, *_WHICH],
                marks,
                problem,
            )
        },
        "/api/v1/briefings": {
            "get": _operation("briefings", "Every briefing that was saved.", [], listed, problem),
            "post": post,
        },
        "/api/v1/briefings/{id}": {
            "get": _operation(
                "briefing", "One briefing.", [name, version], one, problem, "There is none of this id."
            )
        },
    }


def _exports(schemas: Sequence[Any], problem: Any) -> dict[str, Any]:
    jobs, job, begun, reports = schemas
    name = _parameter("job", "", {"type": "string"}) | _IN_PATH
    missing = "There is none of this name."
    instant = {**_INSTANT, "description": "By our clock, as the replay counts."}
    stretch = {
        "from": instant,
        "to": instant,
        "known": {"enum": ["then", "now"]},
        "epoch": {"type": "string", "description": "Of a span of the extent; absent: the live one."},
        "title": {"type": "string"},
    }
    briefing = {
        "description": "The id of a saved briefing, or one in full: what is left out beside it is its own.",
        "oneOf": [
            {"type": "string"},
            {
                "type": "object",
                "properties": {
                    **stretch,
                    "chapters": {"type": "array", "items": {"type": "object", "required": ["at"]}},
                },
            },
        ],
    }
    wanted = {
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {"enum": list(EXPORTS)},
            **stretch,
            "briefing": briefing,
            "lang": {"type": "string", "description": "Absent: the request's."},
        },
    }
    begin = _operation("export", "Make something to carry away.", [], begun, problem)
    begin["requestBody"] = {"required": True, "content": {"application/json": {"schema": wanted}}}
    begin["responses"]["202"] = begin["responses"].pop("200")
    fetch = _operation("exportFile", "What was made.", [name], {}, problem, missing)
    fetch["responses"]["200"]["content"] = {"application/octet-stream": {}}
    report = _parameter("name", "As it is listed.", {"type": "string"}) | _IN_PATH
    page = _operation("report", "One night's report.", [report], {}, problem, missing)
    page["responses"]["200"]["content"] = {"application/pdf": {}, "text/html": {}}
    return {
        "/api/v1/exports": {
            "get": _operation("exports", "What can be made, and what is made or kept.", [], jobs, problem),
            "post": begin,
        },
        "/api/v1/exports/{job}": {
            "get": _operation("exportState", "How far one is.", [name], job, problem, missing)
        },
        "/api/v1/exports/{job}/file": {"get": fetch},
        "/api/v1/exports/{job}/cancel": {
            "post": _operation("exportCancel", "End one that is made.", [name], job, problem, missing)
        },
        "/api/v1/reports": {
            "get": _operation("reports", "The reports of nights, the newest first.", [], reports, problem)
        },
        "/api/v1/reports/{name}": {"get": page},
    }


def _operation(
    name: str,
    summary: str,
    parameters: list[dict[str, Any]],
    answer: Any,
    problem: Any,
    missing: str = "",
) -> dict[str, Any]:
    refusals = {
        "400": "A parameter that cannot be used.",
        **({"404": missing} if missing else {}),
        "503": "No answer now: ask again after Retry-After.",
    }
    responses: dict[str, Any] = {
        status: {"description": text, "content": {"application/problem+json": {"schema": problem}}}
        for status, text in refusals.items()
    }
    responses["200"] = {"description": summary, "content": {"application/json": {"schema": answer}}}
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": responses}


def _parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    said = {"description": text} if text else {}
    return {"name": name, "in": "query", "required": False, "schema": schema, **said}


_WHICH = (
    _parameter(
        "known",
        "By when things were received, or as known now by when they were so.",
        {"enum": ["then", "now"], "default": "then"},
    ),
    _parameter("epoch", "Of a span of the extent; absent: the live one.", {"type": "string"}),
)
