"""Tables whose cells are ruled each by itself: the room between them is no row and no column."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from parsers.readers.lattice import APART, Lattice, Slot

LEAST = 2
"""So many of them tell such a table from one with a line out of place."""

_Text = TypeVar("_Text")


def closed(made: Lattice, texts: Mapping[int, _Text]) -> tuple[Lattice, dict[int, _Text]]:
    """A lattice without the rows and columns between its cells, and its `texts`, by slot, under their new numbers.

    Each cell reaches as far as the next one begins. A lattice without such rows and columns is given back.
    """
    filled = [made.slots[slot] for slot in texts]
    columns = _between(made.xs, [(slot.left, slot.right) for slot in filled])
    rows = _between(made.ys, [(slot.top, slot.bottom) for slot in filled])
    if not columns and not rows:
        return made, dict(texts)
    lefts, xs = _kept(made.xs, columns)
    tops, ys = _kept(made.ys, rows)
    if len(xs) < 2 or len(ys) < 2:
        return made, dict(texts)
    slots: list[Slot] = []
    moved: dict[int, _Text] = {}
    for number, slot in enumerate(made.slots):
        left, right, top, bottom = lefts[slot.left], lefts[slot.right], tops[slot.top], tops[slot.bottom]
        if left == right or top == bottom:
            continue
        if number in texts:
            moved[len(slots)] = texts[number]
        slots.append(replace(slot, left=left, right=right, top=top, bottom=bottom))
    return Lattice(xs, ys, tuple(slots)), moved


def _between(places: Sequence[float], filled: Collection[tuple[int, int]]) -> set[int]:
    """The steps between places that are too narrow for text and hold none of their own."""
    last = len(places) - 2
    narrow = {step for step, (a, b) in enumerate(pairwise(places)) if b - a <= APART}
    narrow -= {first for first, beyond in filled if narrow.issuperset(range(first, beyond))}
    return narrow if len(narrow - {0, last}) >= LEAST else set()


def _kept(places: Sequence[float], left_out: Collection[int]) -> tuple[list[int], tuple[float, ...]]:
    """For each place the number of steps kept before it, and where these begin, with the end of the last."""
    before = [0]
    starts: list[float] = []
    end = places[-1]
    for step, (a, b) in enumerate(pairwise(places)):
        kept = step not in left_out
        before.append(before[-1] + kept)
        if kept:
            starts.append(a)
            end = b
    return before, (*starts, end)
