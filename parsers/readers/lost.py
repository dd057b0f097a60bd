"""Characters beside figures that a page shows and its text layer leaves out, as where a font's map is damaged."""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from parsers.readers.drawing import Layers
from parsers.readers.lettering import LEAST, UNSEEN, Run
from parsers.readers.sheets import Glyph, Page, apply, then

UNKNOWN = "\ufffd"
SOFT_HYPHEN = "\xad"
DIGITS = frozenset("0123456789")

LEVEL = 0.2
"""Characters no further apart in height than this, in their size, stand on one line."""

AGAIN = 0.35
"""What is drawn no further than this from where a known character starts, in its size, is that one again."""

EXACT = 0.06
"""How far steps between digits may be from the usual one, as a share of it."""

MOST = 3
"""Two digits of one run that stand further apart than so many usual steps are two figures."""

USUAL = 0.6
"""The share of the steps between the digits of a size that are alike where they have one width."""

REACH = 40.0
"""How far, in points, the digits beside a place are looked for."""


def beside_figures(pdfium: Any, page: Page, runs: Sequence[Run], layers: Layers) -> list[Glyph]:
    """A glyph of no known text for each place beside a digit that the text layer leaves out.

    `runs` are those of the glyphs of the page as displayed.
    """
    steps = _steps(page, runs)
    usual = {size: pitch for size, own in steps.items() if (pitch := _usual([step for step, _, _ in own]))}
    found = [
        _unknown(glyph, glyph.x0 + pitch * n)
        for size, pitch in usual.items()
        for step, glyph, within in steps[size]
        if within and 1 < (count := round(step / pitch)) <= MOST and abs(step / pitch - count) < EXACT
        if not _has_blank(page, glyph, step)
        for n in range(1, count)
    ]
    return [*found, *_left_out(pdfium, page, runs, layers, usual)]


def mark_hyphens(page: Page) -> int:
    """Take soft hyphens beside digits, which no page shows as such, for characters of no known text; how many."""
    count = 0
    for at, glyph in enumerate(page.glyphs):
        if glyph.text == SOFT_HYPHEN:
            near = page.glyphs[max(0, at - 1) : at + 2]
            if any(other.text in DIGITS and _is_level(glyph, other) for other in near):
                page.glyphs[at] = glyph._replace(text=UNKNOWN)
                count += 1
    return count


def _steps(page: Page, runs: Sequence[Run]) -> dict[float, list[tuple[float, Glyph, bool]]]:
    """The steps from digit to digit, by size, each with the first of the two, and whether one run shows both."""
    found: dict[float, list[tuple[float, Glyph, bool]]] = {}
    for (one, run), (other, its) in pairwise(zip(page.glyphs, runs, strict=True)):
        if one.text in DIGITS and other.text in DIGITS and _is_level(one, other) and other.x0 > one.x0:
            found.setdefault(one.size, []).append((other.x0 - one.x0, one, run.address == its.address))
    return found


def _has_blank(page: Page, glyph: Glyph, step: float) -> bool:
    """Whether a blank of the text begins between a digit and the one that stands a step behind it."""
    return any(
        glyph.x0 < x < glyph.x0 + step and abs(base - glyph.base) < LEVEL * glyph.size for x, base in page.blanks
    )


def _usual(steps: Sequence[float]) -> float:
    """The step that most of some are alike to, 0 where there is none."""
    common, count = Counter(round(step, 1) for step in steps).most_common(1)[0]
    near = [step for step in steps if abs(step - common) < 0.15]
    return sum(near) / len(near) if count > 1 and len(near) >= USUAL * len(steps) else 0.0


def _left_out(
    pdfium: Any, page: Page, runs: Sequence[Run], layers: Layers, usual: Mapping[float, float]
) -> list[Glyph]:
    """Runs of text without a known character: drawn beside a digit, or blank between two that stand two steps apart."""
    told = {run.address for run in runs}
    items = [(item, outer) for address, (_, item, outer) in layers.texts.items() if address not in told]
    known = sorted((glyph for glyph in page.glyphs if glyph.turn == 0), key=lambda glyph: glyph.x0)
    starts = [glyph.x0 for glyph in known]
    found: list[Glyph] = []
    own = pdfium.FS_MATRIX()
    box = [ctypes.c_float() for _ in range(4)]
    for item, outer in items:
        if pdfium.FPDFTextObj_GetTextRenderMode(item) in UNSEEN or not pdfium.FPDFPageObj_GetMatrix(item, own):
            continue
        pdfium.FPDFPageObj_GetBounds(item, *map(ctypes.byref, box))
        x, base = apply(then(outer, layers.to_page), own.e, own.f)
        near = known[bisect_left(starts, x - REACH) : bisect_right(starts, x + REACH)]
        level = [glyph for glyph in near if abs(glyph.base - base) < LEVEL * glyph.size]
        if any(abs(glyph.x0 - x) < AGAIN * glyph.size for glyph in level):
            continue
        digits = [(glyph, usual[glyph.size]) for glyph in level if glyph.text in DIGITS and glyph.size in usual]
        sides = {glyph.x0 < x: glyph for glyph, pitch in digits if abs(abs(glyph.x0 - x) - pitch) < EXACT * pitch}
        inked = box[2].value - box[0].value > LEAST and box[3].value - box[1].value > LEAST
        if len(sides) == 2 or (sides and inked):
            found.append(_unknown(next(iter(sides.values())), x))
    return found


def _is_level(one: Glyph, other: Glyph) -> bool:
    return one.turn == other.turn == 0 and one.size == other.size and abs(one.base - other.base) < LEVEL * one.size


def _unknown(mate: Glyph, x: float) -> Glyph:
    return mate._replace(text=UNKNOWN, x0=x, x1=x + mate.x1 - mate.x0)
