"""Merges: which events our operators say are about one thing, and which one the others are the same as."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

NOTHING: frozenset[str] = frozenset()


class _Merge(NamedTuple):
    """One act. order: sorts by when it was made."""

    order: str
    into: str
    others: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.into, *self.others)


class Merges:
    """By event id: those that a chain of merges ties to it, whatever order the merges came in."""

    def __init__(self) -> None:
        self._merges: dict[str, _Merge] = {}
        self._of: dict[str, set[str]] = {}
        self._tied: dict[str, frozenset[str]] = {}
        self._into: dict[frozenset[str], str] = {}

    def tied(self, event_id: str) -> frozenset[str]:
        """All that are the same as this one, itself among them; nothing where no merge is about it."""
        return self._tied.get(event_id, NOTHING)

    def into(self, event_id: str) -> str:
        """What those tied to this one are the same as: by the latest merge into one that is no other's."""
        tied = self._tied.get(event_id)
        return self._into[tied] if tied is not None else event_id

    def put(self, act_id: str, order: str, into: str, others: Iterable[str]) -> frozenset[str]:
        """Take in a merge, or what it says now. Gives back the ids that may be tied otherwise."""
        touched = self.drop(act_id)
        merge = self._merges[act_id] = _Merge(order, into, tuple(others))
        for each in merge.ids:
            self._of.setdefault(each, set()).add(act_id)
        return touched | self._tie(merge.ids)

    def drop(self, act_id: str) -> frozenset[str]:
        """A merge was undone. Gives back the ids that may be tied otherwise."""
        merge = self._merges.pop(act_id, None)
        if merge is None:
            return NOTHING
        touched = NOTHING.union(*(self.tied(each) for each in merge.ids))
        for each in merge.ids:
            acts = self._of.get(each, set())
            acts.discard(act_id)
            if not acts:
                self._of.pop(each, None)
        self._tie(touched)
        return touched

    def _tie(self, ids: Iterable[str]) -> frozenset[str]:
        """Work out anew what is tied to these. Gives back all that is and was."""
        touched = {other for each in ids for other in (each, *self.tied(each))}
        for each in touched:
            if (before := self._tied.pop(each, None)) is not None:
                self._into.pop(before, None)
        left = set(touched)
        while left:
            reached = {left.pop()}
            todo = list(reached)
            acts: set[str] = set()
            while todo:
                for act in self._of.get(todo.pop(), ()):
                    if act not in acts:
                        acts.add(act)
                        found = set(self._merges[act].ids) - reached
                        reached |= found
                        todo += found
            left -= reached
            if acts:
                self._note(frozenset(reached), [self._merges[act] for act in acts])
        return frozenset(touched)

    def _note(self, tied: frozenset[str], merges: list[_Merge]) -> None:
        others = {each for merge in merges for each in merge.others}
        chosen = max(merges, key=lambda merge: (merge.into not in others, merge.order, merge.into))
        self._into[tied] = chosen.into
        for each in tied:
            self._tied[each] = tied
