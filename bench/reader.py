"""How fast the report reader is: texts per second on one core, and whether its time is linear.

Run `python -m bench.reader`. The peer is Python's own `re`, cutting the same text into words in this run:
what is printed as a ratio says how many times dearer it is to understand a text than to look at every word.
Exit status 1 when a 2 kB text takes 5 ms or more at the median, or the time per kB doubles up to 1 MB.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from config.theatre import load_theatre
from ingest.reading.reader import read

_WORDS = re.compile(r"\w+|[^\w\s]")
_PUBLISHED = datetime(2025, 6, 9, 9, tzinfo=UTC)
_REPORTS = {
    "en": """Overnight on June 9, Russia attacked with {a} drones and {b} Kh-101 missiles, the Air Force said.
As of 9:00, {c} drones were shot down and 40 were lost.
Hits were recorded at ten locations in the Kyiv region.
""",
    "uk": """У ніч на 9 червня (з 20:00 8 червня) противник атакував {a} БпЛА
типу Shahed та {b} ракетами Х-101.
Станом на 09:00 збито {c} безпілотників на сході та півдні країни. Зафіксовано влучання на десяти локаціях.
""",
    "ru": """В период с 22.00 мск 8 июня до 6.00 мск 9 июня дежурными средствами ПВО уничтожены и перехвачены
{a} украинских БПЛА: {b} – над территорией Брянской области, {c} – над территорией Курской области.
""",
    "pl": """W nocy z niedzieli na poniedziałek Rosja użyła {a} dronów i {b} rakiet. Zestrzelono {c} drony.
Polskie lotnictwo operuje w naszej przestrzeni powietrznej, lotniska w Rzeszowie i Lublinie są zamknięte.
""",
    "de": """In der Nacht zum Montag griff Russland mit {a} Drohnen und {b} Raketen an.
Die Flugabwehr schoss {c} Drohnen ab, teilte die Luftwaffe mit.
Polen ließ Kampfjets aufsteigen, die Flughäfen blieben geöffnet.
""",
}


def _text(lang: str, size: int) -> str:
    """About `size` bytes of reports, no two of them with the same numbers."""
    parts: list[str] = []
    length = 0
    while length < size:
        turn = len(parts)
        parts.append(_REPORTS[lang].format(a=80 + turn % 400, b=3 + turn % 60, c=50 + turn % 300))
        length += len(parts[-1].encode())
    return "\n".join(parts)


def _median_ms(work: Callable[[], object], least_s: float) -> float:
    """Milliseconds of one run at the median of at least five runs and `least_s` seconds."""
    runs: list[float] = []
    while len(runs) < 5 or sum(runs) < least_s:
        start = time.process_time()
        work()
        runs.append(time.process_time() - start)
    return statistics.median(runs) * 1_000


def main() -> int:
    """Measure, print, and judge."""
    theatre = load_theatre()

    def reader(text: str) -> Callable[[], object]:
        return lambda: read(text, published_at=_PUBLISHED, theatre=theatre)

    def peer(text: str) -> Callable[[], object]:
        return lambda: _WORDS.findall(text)

    print("2 kB text   reader ms   texts/s   times `re` words")
    medians: list[float] = []
    for lang in _REPORTS:
        text = _text(lang, 2_000)
        reader(text)()
        took, words = _median_ms(reader(text), 0.5), _median_ms(peer(text), 0.1)
        medians.append(took)
        print(f"{lang:9} {took:11.2f} {1_000 / took:9.0f} {took / words:18.0f}")
    print("\nsize        reader ms/kB   `re` ms/kB   ratio")
    per_kb: list[float] = []
    for size in (1_000, 10_000, 100_000, 1_000_000):
        text = _text("en", size)
        kb = len(text.encode()) / 1_000
        took, words = _median_ms(reader(text), 0.2) / kb, _median_ms(peer(text), 0.1) / kb
        per_kb.append(took)
        print(f"{size:9,d} {took:14.3f} {words:12.4f} {took / words:7.0f}")
    growth = per_kb[-1] / min(per_kb[:-1])
    print(
        f"\nslowest 2 kB median {max(medians):.2f} ms; ms/kB at 1 MB is {growth:.2f} times the best below it"
    )
    return 1 if max(medians) >= 5 or growth >= 2 else 0


if __name__ == "__main__":
    sys.exit(main())
