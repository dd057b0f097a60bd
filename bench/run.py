"""Speed in ratios of one run: the whole parse beside lxml alone, and beside trafilatura with pandas.

    python bench/run.py [--rounds N]

Pages are those of the corpus (GONGKAI_CORPUS, or ../shared/corpus), or the samples where it is not
there. Each round times all contestants on all pages in turn, so that a machine that slows down
slows all of them; figures are medians over rounds, with the smallest and the largest.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import lxml.html  # noqa: E402
import pandas  # noqa: E402
import trafilatura  # noqa: E402

from parsers import parse  # noqa: E402

MOST_OF_LXML = 12.0
LEAST_OF_PEERS = 4.0


def pages() -> list[tuple[str, bytes]]:
    """The HTML reports that are measured."""
    corpus = Path(os.environ.get("GONGKAI_CORPUS") or ROOT.parent / "shared" / "corpus") / "raw"
    folder = corpus if corpus.is_dir() else ROOT / "data" / "raw"
    found = [(path.name, path.read_bytes()) for path in sorted(folder.rglob("*.html")) if "list" not in path.name]
    return found if folder == corpus else [(n, b) for n, b in found if b.startswith(b"<") and _is_utf8(b)]


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def whole(content: bytes) -> None:
    parse(content, source="page.html")


def lxml_alone(content: bytes) -> None:
    lxml.html.fromstring(content.decode("utf-8"))


def peers(content: bytes, *, metadata: bool = False) -> None:
    text = content.decode("utf-8")
    trafilatura.extract(text, with_metadata=metadata)
    # It raises where a page has no table; that is its answer.
    with contextlib.suppress(ValueError):
        pandas.read_html(io.StringIO(text))


def fuller(content: bytes) -> None:
    """The peers with title, day and author, which the whole parse reads too."""
    peers(content, metadata=True)


def seconds(run: Callable[[bytes], None], content: bytes) -> float:
    start = time.perf_counter()
    run(content)
    return time.perf_counter() - start


def line(name: str, values: Sequence[float], unit: str) -> str:
    return f"{name:44}{statistics.median(values):9.2f}{min(values):9.2f}{max(values):9.2f} {unit}"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--rounds", type=int, default=9)
    chosen = options.parse_args()
    found = pages()
    contestants = {"whole": whole, "lxml": lxml_alone, "peers": peers, "fuller": fuller}
    for run in contestants.values():
        for _, content in found:
            run(content)
    totals: dict[str, list[float]] = {name: [] for name in contestants}
    # As the workers of a run do: no collection of garbage within a document, for every contestant alike.
    gc.collect()
    gc.freeze()
    gc.disable()
    for _ in range(chosen.rounds):
        gc.collect()
        sums = dict.fromkeys(contestants, 0.0)
        for _, content in found:
            for name, run in contestants.items():
                sums[name] += seconds(run, content)
        for name, value in sums.items():
            totals[name].append(value)
    count = len(found)
    size = sum(len(content) for _, content in found)
    print(f"{count} pages, {size:,} bytes; Python {platform.python_version()}, {platform.machine()}")
    print(", ".join(f"{name} {version(name)}" for name in ("lxml", "trafilatura", "pandas", "regex", "rapidfuzz")))
    print(f"{'':44}{'median':>9}{'min':>9}{'max':>9}")
    for name, label in (
        ("whole", "whole parse, bytes to records"),
        ("lxml", "lxml.html parse alone"),
        ("peers", "trafilatura and pandas.read_html"),
        ("fuller", "the same with trafilatura's metadata"),
    ):
        print(line(label, [1000 * value / count for value in totals[name]], "ms a page"))
    over_lxml = [a / b for a, b in zip(totals["whole"], totals["lxml"], strict=True)]
    under_peers = [b / a for a, b in zip(totals["whole"], totals["peers"], strict=True)]
    under_fuller = [b / a for a, b in zip(totals["whole"], totals["fuller"], strict=True)]
    print(line(f"whole parse over lxml (at most {MOST_OF_LXML:.0f})", over_lxml, "times"))
    print(line(f"peers over whole parse (at least {LEAST_OF_PEERS:.0f})", under_peers, "times"))
    print(line("peers with metadata over whole parse", under_fuller, "times"))
    met = statistics.median(over_lxml) <= MOST_OF_LXML and statistics.median(under_peers) >= LEAST_OF_PEERS
    print("both bounds are met" if met else "a bound is missed")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
