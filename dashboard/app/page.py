"""The HTML that every screen starts from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.views.words import word

ASSETS = Path(__file__).parent.parent / "assets"


def assets_version(folder: Path = ASSETS) -> str:
    """A hash over every asset: part of their path, so that modules, which import each other by relative path,
    are always of one version and can be kept for a year."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def index_string(assets_url: str, config: Mapping[str, Any], *, preload: Mapping[str, str]) -> str:
    """Dash's index with our one module script.

    config: what the scripts need to begin, as JSON in the page. preload: URL to what it is (`script`,
    `fetch`), for what would otherwise be asked for late.
    """
    links = [f'<link rel="modulepreload" href="{assets_url}/{name}">' for name in modules()]
    links += [
        f'<link rel="preload" as="{kind}" href="{url}"{" crossorigin" if kind == "fetch" else ""}>'
        for url, kind in preload.items()
    ]
    # `<` is all that could end the script element early; `{%` would be taken for one of Dash's places.
    data = json.dumps(config, ensure_ascii=False).replace("<", "\\u003c").replace("{%", "{\\u0025")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
{{%metas%}}
<title>{{%title%}}</title>
<link rel="stylesheet" href="{assets_url}/wall.css">
<link rel="icon" type="image/svg+xml" href="{assets_url}/icon.svg">
{"".join(links)}
{{%css%}}
</head>
<body>
{{%app_entry%}}
<noscript>{word("app.no_script")}</noscript>
<script id="watchfloor" type="application/json">{data}</script>
<script type="module" src="{assets_url}/main.mjs"></script>
<footer>
{{%config%}}
{{%scripts%}}
{{%renderer%}}
</footer>
</body>
</html>"""


def modules(folder: Path = ASSETS) -> list[str]:
    """The names of our modules."""
    return sorted(path.name for path in folder.glob("*.mjs"))
