"""What a bench is held to, printed line by line."""

from __future__ import annotations

from collections.abc import Iterable


def judge(held: Iterable[tuple[str, float, float]]) -> int:
    """Print each (what, value, limit); the exit status, 1 where a limit is passed."""
    failed = False
    for what, value, limit in held:
        is_fine = value <= limit
        failed |= not is_fine
        print(f"{'ok  ' if is_fine else 'OVER'} {what}: {value:.2f} (limit {limit})")
    return int(failed)
