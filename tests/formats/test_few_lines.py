"""Reports that a browser prints with tables of few ruling lines, or none, are read as they were written."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.readers.charset import decode
from tests.forge.build import forge
from tests.forge.score import score

BARE = "table,tr,td,th{border:none!important}"
CLOSE = "table{border-collapse:collapse!important}"
BELOW = "td,th{border:none!important;border-bottom:1px solid!important}"
BESIDE = "td,th{border:none!important;border-left:1px solid!important;border-right:1px solid!important}"

PRINTED = (
    (BARE + CLOSE, 8400), (BARE + CLOSE, 8401), (BARE + CLOSE, 8406), (BARE + CLOSE, 8409), (BARE, 8407),
    (BELOW, 8400), (BELOW, 8405), (BELOW, 8407), (BELOW, 8408), (BELOW, 8409), (BELOW + CLOSE, 8407),
    (BESIDE + CLOSE, 8406), (BESIDE + CLOSE, 8409),
)  # fmt: skip

DAMAGED = ((BARE + CLOSE, 3308), (BARE + CLOSE, 3309), (BELOW, 3308), (BELOW, 3314), (BESIDE + CLOSE, 3304))


@pytest.mark.parametrize(
    ("style", "seed", "hardness"), [*((*one, 0.0) for one in PRINTED), *((*one, 0.3) for one in DAMAGED)]
)
def test_tables_with_few_lines(browser, tmp_path, style, seed, hardness):
    made = forge(seed, None, hardness)
    page = tmp_path / "report.html"
    page.write_text(f'<meta charset="utf-8"><style>{style}</style>{decode(made.content).text}', "utf-8")
    found = score(made.truth, parse(browser(page), source="report.pdf").observations)
    assert found.faults == []
