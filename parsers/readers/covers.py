"""Text of a PDF page that the page does not show: invisible, white on white, under something, or cut off."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from parsers.readers import ink
from parsers.readers.drawing import Cover, Layers, clip_of
from parsers.readers.lettering import UNSEEN, Run
from parsers.readers.sheets import Box, Page, then
from parsers.readers.typesetting import CLOSING

WHITE = 255 * 0.93
"""Text at least so pale is looked for on the page as drawn."""

MARGIN = 0.2
"""The share of a character's box, at each side, into which neighbours may reach."""

LEAST_CUT = 0.3
"""A character of which less than this share stands within what it is clipped to is not shown."""


def leave_out(page: Page, runs: Sequence[Run], layers: Layers, handle: Any) -> str:
    """Take characters that do not show off a page as displayed, whose runs and layers are given; gives their text.

    Where most of the text is invisible it lies over a picture, and is left to be judged with this.
    """
    under = _under(page, runs, layers, layers.areas)
    unseen = [number for number, run in enumerate(runs) if run.mode in UNSEEN]
    pictured = _under(page, runs, layers, layers.pictures)
    if 2 * len(unseen) > len(runs) or 2 * len(pictured) > len(runs):
        page.unseen = len(pictured.keys() | set(unseen))
        return ""
    cut = _cut(page, runs, layers)
    gone = {number for number in unseen if runs[number].mode == min(UNSEEN)} | cut
    asked = [
        n for n, run in enumerate(runs) if n not in gone and (n in under or run.paleness >= WHITE or run.mode in UNSEEN)
    ]
    if asked:
        picture = ink.draw(handle, page.width, page.height)
        hidden = {
            number
            for number in asked
            if not picture.shows(_inner(page, number))
            or (runs[number].paleness >= WHITE and not picture.is_dark(_box(page, number)))
        }
        # What is written or ruled over the cover shows in its place.
        later = [number for number in range(len(runs)) if number not in under and number not in hidden]
        hidden |= {
            number
            for number in asked
            if number in under
            and (_is_crossed(page, number) or _is_overwritten(page, number, under[number], later, runs, layers))
        }
        gone |= hidden
    if not gone:
        return ""
    text = "".join(page.glyphs[number].text for number in sorted(gone))
    page.unseen -= sum(runs[number].mode in UNSEEN for number in gone)
    kept = [number for number in range(len(page.glyphs)) if number not in gone]
    pale = set(page.pale)
    page.pale = [place for place, number in enumerate(kept) if number in pale]
    page.glyphs = [page.glyphs[number] for number in kept]
    return text


def _box(page: Page, number: int) -> Box:
    glyph = page.glyphs[number]
    return glyph.x0, glyph.top, glyph.x1, glyph.bottom


def _inner(page: Page, number: int) -> Box:
    """The middle of a character's box, in which its neighbours have no ink."""
    x0, top, x1, bottom = _box(page, number)
    wide, high = MARGIN * (x1 - x0), MARGIN * (bottom - top)
    return x0 + wide, top + high, x1 - wide, bottom - high


def _cut(page: Page, runs: Sequence[Run], layers: Layers) -> set[int]:
    """The places of characters that stand beyond what their run is clipped to."""
    import pypdfium2.raw as pdfium

    own: dict[int, list[int]] = {}
    for number, run in enumerate(runs):
        own.setdefault(run.address, []).append(number)
    found: set[int] = set()
    for address, numbers in own.items():
        if address not in layers.texts:
            continue
        _, item, matrix = layers.texts[address]
        clip = clip_of(pdfium, item, then(matrix, layers.to_page))
        if clip is not None:
            # Of a sign that hangs over the end of a line the ink is in its first half.
            found.update(
                number
                for number in numbers
                if page.glyphs[number].text not in CLOSING and _is_cut(_box(page, number), clip)
            )
    return found


def _is_cut(box: Box, clip: Box) -> bool:
    """Whether a character stands beyond what its run is clipped to."""
    wide = min(box[2], clip[2]) - max(box[0], clip[0])
    high = min(box[3], clip[3]) - max(box[1], clip[1])
    return wide < LEAST_CUT * (box[2] - box[0]) or high < LEAST_CUT * (box[3] - box[1])


def _under(page: Page, runs: Sequence[Run], layers: Layers, things: Sequence[Cover]) -> dict[int, int]:
    """The places of characters that lie under something, with the order in which that is drawn."""
    import pypdfium2.raw as pdfium

    orders = [layers.texts[run.address][0] if run.address in layers.texts else -1 for run in runs]
    first = min((order for order in orders if order >= 0), default=0)
    covers = [cover for cover in things if cover[0] > first]
    if not covers:
        return {}
    middles = [((g.x0 + g.x1) / 2, (g.top + g.bottom) / 2) for g in page.glyphs]
    by_height = sorted(range(len(middles)), key=lambda number: middles[number][1])
    heights = [middles[number][1] for number in by_height]
    found: dict[int, int] = {}
    for order, (x0, top, x1, bottom), item, matrix in covers:
        near = by_height[bisect_left(heights, top) : bisect_right(heights, bottom)]
        own = [number for number in near if x0 < middles[number][0] < x1 and 0 <= orders[number] < order]
        if own and (clip := clip_of(pdfium, item, then(matrix, layers.to_page))) is not None:
            own = [
                number
                for number in own
                if clip[0] < middles[number][0] < clip[2] and clip[1] < middles[number][1] < clip[3]
            ]
        found.update(dict.fromkeys(own, order))
    return found


def _is_crossed(page: Page, number: int) -> bool:
    """Whether a ruling line runs through a character."""
    x0, top, x1, bottom = _box(page, number)
    return any(x0 < line.at < x1 and line.start < bottom and line.end > top for line in page.down) or any(
        top < line.at < bottom and line.start < x1 and line.end > x0 for line in page.across
    )


def _is_overwritten(
    page: Page, number: int, cover: int, later: Sequence[int], runs: Sequence[Run], layers: Layers
) -> bool:
    """Whether other characters, drawn later than what covers one, stand where it stood."""
    own = page.glyphs[number]
    return any(
        min(own.x1, other.x1) > max(own.x0, other.x0)
        and min(own.bottom, other.bottom) > max(own.top, other.top)
        and runs[place].address in layers.texts
        and layers.texts[runs[place].address][0] > cover
        for place in later
        for other in (page.glyphs[place],)
    )
