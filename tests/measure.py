"""Measure error rates on the corpus, the samples and forged pages, and write them into docs/method.md."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
for place in (str(ROOT), str(ROOT / "tests")):
    if place not in sys.path:
        sys.path.insert(0, place)

from pipeline.cli import main  # noqa: E402
from tests.forge import forge  # noqa: E402
from tests.gate import corpus_folder  # noqa: E402

FORGED = 200


def measure(folder: Path) -> int:
    """Extract the three sets below a folder and compare. Returns the exit code."""
    forged = folder / "forged-raw"
    forged.mkdir()
    truths = {}
    for seed in range(FORGED):
        page = forge(seed)
        truths[page.name] = page.truth
        (forged / page.name).write_bytes(page.content)
    (folder / "forged.json").write_text(json.dumps(truths, ensure_ascii=False), "utf-8")
    sets = [("samples", ROOT / "data" / "raw", ROOT / "data" / "raw"), ("forged", forged, folder / "forged.json")]
    if corpus_folder().is_dir():
        sets.insert(0, ("corpus", corpus_folder() / "raw", corpus_folder() / "truth.json"))
    for name, raw, _ in sets:
        if main(["extract", str(raw), "--out", str(folder / name), "--quiet"]) not in (0, 1):
            return 1
    told = [f"{name}={folder / name}={truth}" for name, _, truth in sets]
    return main(["rates", *told, "--write", str(ROOT / "docs" / "method.md")])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(measure(Path(scratch)))
