"""Deltas: JSON Merge Patches (RFC 7396) that can be computed, applied and composed.

A merge patch says `null` for what is removed, and so forgets what was there: "removed, then put back with
fewer fields" cannot be told from "changed". Ours remember it. Where an object goes, the patch holds a `Gone`,
which encodes as `null`, and from which `compose` knows the fields that a later object does not have.

So for states s0 → p1 → s1 … → pn → sn: applying compose(p1 … pn) to *any* of s0 … sn gives sn. That is what
lets a client resume from an older cut than its own: replaying more than is missing does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

Delta = dict[str, Any]
"""A merge patch: values are scalars, tuples, None (removed), Gone, or patches of objects."""


class Gone:
    """An object was here, and is not any more.

    shape: the keys it had, and of those that were objects themselves theirs; None for everything else.
    left: what is here instead; None for nothing.
    """

    __slots__ = ("_of", "_shape", "left")

    def __init__(self, of: Mapping[str, Any], left: Any = None) -> None:
        """of: the object that went, or its shape. Nobody changes it any more."""
        self._of = of
        self._shape: Mapping[str, Any] | None = None
        self.left = left

    @property
    def shape(self) -> Mapping[str, Any]:
        # Most are never composed with anything, and nobody asks.
        if self._shape is None:
            self._shape = _shape(self._of)
        return self._shape

    def __repr__(self) -> str:
        return f"Gone({self.shape!r}, {self.left!r})"


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> Delta:
    """The patch that makes `old` into `new`. Empty where they are equal. Shares values with `new`."""
    patch: Delta = {}
    for key, value in new.items():
        before = old.get(key)
        if before is value and key in old:
            continue
        if isinstance(value, dict):
            if isinstance(before, dict):
                if inner := diff(before, value):
                    patch[key] = inner
            else:
                patch[key] = value
        elif isinstance(before, dict):
            patch[key] = Gone(before, value)
        elif before != value or type(before) is not type(value):
            patch[key] = value
    for key, before in old.items():
        if key not in new:
            patch[key] = Gone(before) if isinstance(before, dict) else None
    return patch


def merge(tree: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """`tree` after `patch`, as a client applies it (RFC 7396, section 2). Neither argument is changed."""
    merged = dict(tree)
    for key, value in patch.items():
        if isinstance(value, Gone):
            value = value.left
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            before = merged.get(key)
            merged[key] = merge(before if isinstance(before, dict) else {}, value)
        else:
            merged[key] = value
    return merged


def compose(first: Mapping[str, Any], second: Mapping[str, Any]) -> Delta:
    """The patch that does what `first` and then `second` do. Neither argument is changed."""
    composed: Delta = {}
    fold(composed, first)
    fold(composed, second)
    return composed


def fold(into: Delta, patch: Mapping[str, Any]) -> None:
    """Compose `patch` onto `into`, in place. `into` must be its caller's own; `patch` is copied from.

    Costs as much as `patch` is large, however large `into` is: this is how a burst is coalesced.
    """
    for key, value in patch.items():
        before = into.get(key)
        if isinstance(value, Gone):
            into[key] = value if before is None else Gone(_union(before, value.shape), value.left)
        elif isinstance(value, dict):
            if isinstance(before, Gone):
                into[key] = _in_place_of(before.shape, value)
            elif isinstance(before, dict):
                fold(before, value)
            else:
                into[key] = _copied(value)
        elif isinstance(before, dict | Gone):
            into[key] = Gone(_union(before, {}), value)
        else:
            into[key] = value


def plain(patch: Mapping[str, Any]) -> dict[str, Any]:
    """The patch as any other program sees it: with None for each Gone."""
    bare: dict[str, Any] = {}
    for key, value in patch.items():
        if isinstance(value, Gone):
            bare[key] = value.left
        else:
            bare[key] = plain(value) if isinstance(value, dict) else value
    return bare


def _left(value: object) -> Any:
    if isinstance(value, Gone):
        return value.left
    raise NotImplementedError(f"not JSON: {type(value)}")


_encoder = msgspec.json.Encoder(enc_hook=_left)


def encode(message: Mapping[str, Any]) -> bytes:
    """A tree, a patch, or a message that holds one, as UTF-8 JSON."""
    return _encoder.encode(message)


def _shape(value: Mapping[str, Any]) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            shape[key] = _shape(inner)
        else:
            shape[key] = inner.shape if isinstance(inner, Gone) else None
    return shape


def _union(before: Any, shape: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(before, Gone):
        base = before.shape
    elif isinstance(before, dict):
        base = _shape(before)
    else:
        return dict(shape)
    union = dict(base)
    for key, inner in shape.items():
        known = union.get(key)
        union[key] = _union(known, inner) if isinstance(inner, dict) else known
    return union


def _in_place_of(shape: Mapping[str, Any], value: Mapping[str, Any]) -> Delta:
    """The patch by which an object of `shape` becomes `value`, which is a patch itself."""
    patch: Delta = {}
    for key, was in shape.items():
        if key not in value:
            patch[key] = Gone(was) if isinstance(was, dict) else None
    for key, inner in value.items():
        was = shape.get(key)
        if not isinstance(was, dict):
            patch[key] = _copied(inner) if isinstance(inner, dict) else inner
        elif isinstance(inner, Gone):
            patch[key] = Gone(_union(was, inner.shape), inner.left)
        elif isinstance(inner, dict):
            patch[key] = _in_place_of(was, inner)
        else:
            patch[key] = Gone(was, inner)
    return patch


def _copied(value: Mapping[str, Any]) -> Delta:
    return {key: _copied(inner) if type(inner) is dict else inner for key, inner in value.items()}
