"""What belongs together because each is near to another, whatever order it comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

_T = TypeVar("_T")


class Place(NamedTuple):
    """Where to look for what is near: everything that is near shares a place."""

    what: str
    slot: int


class Linked(Generic[_T]):
    """Groups of members, by id, in which a chain of near ones leads from each to each.

    places: of a member; near ones share one. is_near: of two members, the same both ways. tied: ids that are
    near a member whatever they are; whoever changes that takes out and adds again all that it concerns. A
    change costs as much as its own group and what shares its places are large.
    """

    def __init__(
        self,
        places: Callable[[_T], Iterable[Place]],
        is_near: Callable[[_T, _T], bool],
        tied: Callable[[str], Iterable[str]] = lambda _: (),
    ) -> None:
        self._places = places
        self._is_near = is_near
        self._tied = tied
        self._members: dict[str, _T] = {}
        self._at: dict[Place, set[str]] = {}
        self._group: dict[str, frozenset[str]] = {}

    def add(self, member_id: str, member: _T) -> set[frozenset[str]]:
        """Take in a member. Gives back the groups that are no more."""
        self._members[member_id] = member
        for place in self._places(member):
            self._at.setdefault(place, set()).add(member_id)
        merged = {self._group[other] for other in self._near(member_id)}
        group = frozenset({member_id}).union(*merged)
        for each in group:
            self._group[each] = group
        return merged

    def remove(self, member_id: str) -> frozenset[str]:
        """Take a member out. Gives back the group that is no more."""
        member = self._members.pop(member_id)
        for place in self._places(member):
            there = self._at[place]
            there.discard(member_id)
            if not there:
                del self._at[place]
        gone = self._group.pop(member_id)
        left = set(gone) - {member_id}
        while left:
            reached = {left.pop()}
            todo = list(reached)
            while todo:
                found = {other for other in self._near(todo.pop()) if other in left}
                left -= found
                reached |= found
                todo += found
            group = frozenset(reached)
            for each in group:
                self._group[each] = group
        return gone

    def group(self, member_id: str) -> frozenset[str]:
        """The group of a member."""
        return self._group[member_id]

    def _near(self, member_id: str) -> Iterator[str]:
        member = self._members[member_id]
        seen = {member_id}
        for other in self._tied(member_id):
            if other not in seen and other in self._members:
                seen.add(other)
                yield other
        for place in self._places(member):
            for other in self._at.get(place, ()):
                if other not in seen:
                    seen.add(other)
                    if self._is_near(member, self._members[other]):
                        yield other
