"""The HTML that every screen starts from."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.locale.catalogue import catalogue

ASSETS = Path(__file__).parent.parent / "assets"
_IMPORTED = re.compile(r'(?:from|^import) "(\.\.?/[\w./-]+\.mjs)"', re.MULTILINE)


def assets_version(folder: Path = ASSETS) -> str:
    """A hash over every asset: part of their path, so that modules, which import each other by relative path,
    are always of one version and can be kept for a year."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def page_of(
    screen: str, assets_url: str, config: Mapping[str, Any], *, preload: Mapping[str, str], lang: str = "en"
) -> str:
    """Dash's index template for a screen, with its one module script and its style sheets.

    screen: names both (`wall.mjs`, `wall.css`). config: what the scripts need to begin, as JSON in the page.
    preload: URL to what it is (`script`, `fetch`), for what would otherwise be asked for late.
    lang: of the page.
    """
    # Before the style sheets, since nothing may be painted in another theme than the page's.
    links = [f'<script src="{assets_url}/theme.js"></script>']
    links += [f'<link rel="stylesheet" href="{assets_url}/{name}.css">' for name in ("screen", screen)]
    links += [f'<link rel="modulepreload" href="{assets_url}/{name}">' for name in modules(f"{screen}.mjs")]
    links += [
        f'<link rel="preload" as="{kind}" href="{url}"{" crossorigin" if kind == "fetch" else ""}>'
        for url, kind in preload.items()
    ]
    # `<` is all that could end the script element early; `{%` would be taken for one of Dash's places.
    data = json.dumps(config, ensure_ascii=False).replace("<", "\\u003c").replace("{%", "{\\u0025")
    return f"""<!DOCTYPE html>
<html lang="{lang}">
<head>
{{%metas%}}
<title>{{%title%}}</title>
<link rel="icon" type="image/svg+xml" href="{assets_url}/icon.svg">
{"".join(links)}
{{%css%}}
</head>
<body>
{{%app_entry%}}
<noscript>{catalogue(lang).words["app.no_script"]}</noscript>
<script id="watchfloor" type="application/json">{data}</script>
<script type="module" src="{assets_url}/{screen}.mjs"></script>
<footer>
{{%config%}}
{{%scripts%}}
{{%renderer%}}
</footer>
</body>
</html>"""


def modules(entry: str, folder: Path = ASSETS) -> list[str]:
    """The names of a module and of all that it imports, and what these import."""
    found: set[str] = set()
    wanted = [entry]
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted += [
                posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
                for path in _IMPORTED.findall((folder / name).read_text())
            ]
    return sorted(found)
