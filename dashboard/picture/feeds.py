"""Feeds: how each was when it was last looked at, and how that ages when nobody looks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dashboard.picture.patch import Delta
from dashboard.picture.scene import Scene, builtins
from dashboard.picture.shape import Feed
from streams.events import FeedHealth

_WORSE = ("fresh", "quiet", "slow", "dead")


class Feeds:
    """By feed. Of each only the latest look counts, so nothing older is kept.

    A look that belongs to no run of an exercise is kept beside one that does, which goes with its run.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._latest: dict[str, dict[str, tuple[FeedHealth, str]]] = {}
        self._now: dt.datetime | None = None

    def take(self, event: FeedHealth, order: str) -> None:
        """A feed was looked at."""
        looks = self._latest.setdefault(event.subject, {})
        known = looks.get(event.run)
        if known is None or _age(known) < _age((event, order)):
            looks[event.run] = (event, order)
            self._show(event.subject)

    def of_no_run(self) -> list[tuple[FeedHealth, str]]:
        """What does not belong to one playing of an exercise."""
        return [looks[""] for looks in self._latest.values() if "" in looks]

    def looks(self) -> tuple[tuple[FeedHealth, str], ...]:
        """Every look that counts."""
        return tuple(look for looks in self._latest.values() for look in looks.values())

    def age(self, now: dt.datetime) -> None:
        """Work out again how each feed is, at `now` by our clock."""
        self._now = now
        for subject in self._latest:
            self._show(subject)

    def refreshed(self) -> Delta:
        """Every feed whole, with what it does not have removed."""
        fields = Feed.__struct_fields__
        shown: dict[str, dict[str, Any]] = self._scene.tree.root["feeds"]
        return {name: {field: view.get(field) for field in fields} for name, view in shown.items()}

    def _show(self, subject: str) -> None:
        event, _ = max(self._latest[subject].values(), key=_age)
        view = Feed(
            state=self._state(event),
            checked_at=event.checked_at,
            spoke_at=event.spoke_at,
            every_s=event.every_s,
            delay_s=event.delay_s,
            detail=event.detail,
        )
        self._scene.tree.put(builtins(view), "feeds", subject)

    def _state(self, event: FeedHealth) -> Any:
        if self._now is None:
            return event.state
        rule = self._scene.rules.feeds
        unchecked_s = (self._now - event.checked_at).total_seconds()
        aged = "fresh"
        if unchecked_s > rule.dead_after_checks * event.every_s:
            aged = "dead"
        elif unchecked_s > rule.slow_after_checks * event.every_s:
            aged = "slow"
        return max(event.state, aged, key=_WORSE.index)


def _age(look: tuple[FeedHealth, str]) -> tuple[dt.datetime, str]:
    return look[0].checked_at, look[1]
