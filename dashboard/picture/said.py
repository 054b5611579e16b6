"""What was said of an id in each of its revisions, whatever order they came in."""

from __future__ import annotations

from dashboard.picture.held import Held

MOST_REVISIONS = 24
"""Of one id, the highest."""


class Said:
    """Of the kinds whose earlier revisions are shown too: raid reports and threats."""

    def __init__(self) -> None:
        self._said: dict[str, dict[int, Held]] = {}

    def hear(self, held: Held) -> None:
        """Note what was said; of one revision the first copy."""
        said = self._said.setdefault(held.event.id, {})
        known = said.get(held.revision)
        if known is not None and known.order <= held.order:
            return
        said[held.revision] = held
        if len(said) > MOST_REVISIONS:
            del said[min(said)]

    def forget(self, event_id: str) -> None:
        """Nothing more is expected of an id."""
        self._said.pop(event_id, None)

    def up_to(self, held: Held) -> list[Held]:
        """The revisions of an event of one kind up to the one that is known, in their order."""
        kind = type(held.event)
        said = self._said.get(held.event.id, {})
        return [
            said[number]
            for number in sorted(said)
            if number <= held.revision and type(said[number].event) is kind
        ] or [held]

    def all(self) -> list[Held]:
        """Everything, to be kept in a snapshot."""
        return [held for said in self._said.values() for held in said.values()]
