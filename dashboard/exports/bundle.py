"""Our modules as one script: each as it is, in a function, after those that it imports.

A page from a memory stick can import nothing: browsers refuse modules by `file:`. What a module imports and
exports is of few forms, which a test holds; whatever else is refused here.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

_IMPORT = re.compile(r'^import (?:\{([^}]*)\}|\* as (\w+)) from "(\.\.?/[\w./-]+\.mjs)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|class|function)\b)", re.MULTILINE)
_NAMED = re.compile(r"^export (?:async )?(?:const|let|class|function) (\w+)", re.MULTILINE)
_LEFT = re.compile(r'^\s*(?:import|export)[\s{*"]', re.MULTILINE)


class BundleError(Exception):
    """Modules that cannot be put together: of a form that is not known here, or in a circle."""


def bundle(entry: str, folder: Path) -> str:
    """One module script that does what `entry` does. Raises BundleError, or OSError where one is missing."""
    done: dict[str, str] = {}
    parts: list[str] = []

    def take(name: str, above: tuple[str, ...]) -> str:
        if name in above:
            raise BundleError(f"{name} imports itself by way of {' and '.join(above)}")
        if name in done:
            return done[name]
        source = (folder / name).read_text("utf-8")

        def bound(match: re.Match[str]) -> str:
            names, whole, path = match[1], match[2], match[3]
            wanted = take(posixpath.normpath(posixpath.join(posixpath.dirname(name), path)), (*above, name))
            if whole:
                return f"const {whole} = {wanted};"
            return f"const {{{_renamed(names)}}} = {wanted};"

        body = _IMPORT.sub(bound, source)
        exported = _NAMED.findall(body)
        body = _EXPORT.sub("", body)
        if _LEFT.search(body):
            raise BundleError(f"{name} imports or exports in a way that is not known here")
        done[name] = f"module{len(done)}"
        if name == entry:
            parts.append(f"// {name}\n{body}")
        else:
            told = ", ".join(exported)
            parts.append(f"// {name}\nconst {done[name]} = (() => {{\n{body}\nreturn {{ {told} }};\n}})();")
        return done[name]

    take(entry, ())
    return "\n".join(parts)


def safe_script(source: str) -> str:
    """A script that can stand in a page: nothing in its texts ends its element, or hides that it does."""
    source = re.sub(r"</(script)", r"<\\/\1", source, flags=re.IGNORECASE)
    return source.replace("<!--", r"<\!--")


def style(name: str, folder: Path) -> str:
    """A style sheet with those that it imports, in their place."""
    text = (folder / name).read_text("utf-8")
    return re.sub(r'^@import "([\w.-]+)";$', lambda match: style(match[1], folder), text, flags=re.MULTILINE)


def _renamed(names: str) -> str:
    """`a, b as c` of an import as `a, b: c` of an object's parts."""
    return re.sub(r"\b(\w+)\s+as\s+(\w+)\b", r"\1: \2", names)
