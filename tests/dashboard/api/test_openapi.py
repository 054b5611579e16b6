"""The published OpenAPI document is the one that the types make, and its parts fit together."""

from __future__ import annotations

import json
import re
from pathlib import Path

from dashboard.api.openapi import openapi_document
from dashboard.api.question import (
    EventQuestion,
    EventsQuestion,
    PictureQuestion,
    ReplayQuestion,
    RowsQuestion,
)

DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.json"


def test_the_published_document_is_what_the_types_say() -> None:
    assert DOCUMENT.read_text() == openapi_document(), "run: watchfloor picture --openapi > docs/openapi.json"


def test_every_reference_leads_somewhere_and_every_type_is_used() -> None:
    text = openapi_document()
    schemas = json.loads(text)["components"]["schemas"]
    assert set(re.findall(r'"#/components/schemas/([^"]+)"', text)) == set(schemas)


def test_every_parameter_that_can_be_asked_with_is_documented() -> None:
    paths = json.loads(openapi_document())["paths"]
    for path, question in (
        ("/api/v1/picture", PictureQuestion),
        ("/api/v1/events", EventsQuestion),
        ("/api/v1/events/{id}", EventQuestion),
        ("/api/v1/rows", RowsQuestion),
        ("/api/v1/replay/density", ReplayQuestion),
    ):
        parameters = paths[path]["get"]["parameters"]
        documented = {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
        assert documented == set(question.__struct_encode_fields__)


def test_what_is_always_there_is_said_to_be() -> None:
    schemas = json.loads(openapi_document())["components"]["schemas"]
    assert set(schemas["AlertAnswer"]["required"]) == {"region", "type", "level", "since", "calculated"}
    assert {"country", "state", "since", "until", "causes", "airports_closed"} <= set(
        schemas["ScrambleAnswer"]["required"]
    )
