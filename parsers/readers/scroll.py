"""Lines of pages one below the other, as on a scroll: what stands at a page break goes on there as within a page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from parsers.readers.sheets import Page, Ruling
from parsers.readers.typesetting import Box, Line

NEXT = 1.6
"""How far the first line of a page is set below the last one of the page before, in the size of its characters."""


@dataclass(slots=True)
class Scroll:
    """Lines of one page or of several that follow each other, with the ruling lines beside them.

    `down` has for each page, by its number, how much further down than on it its lines stand here; `starts` where they
    begin.
    """

    pages: dict[int, Page] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    down: dict[int, float] = field(default_factory=dict)
    starts: list[tuple[float, int]] = field(default_factory=list)

    def add(self, page: Page, lines: Sequence[Line]) -> None:
        """Lines of the next page, from top to bottom."""
        if not lines:
            return
        if page.number not in self.pages:
            down = 0.0
            if self.lines:
                last = max(self.lines, key=lambda line: line.base)
                first = min(lines, key=lambda line: line.base)
                down = last.base + NEXT * max(last.size, first.size) - first.base
            self.pages[page.number] = page
            self.down[page.number] = down
            self.starts.append((min(line.top for line in lines) + down, page.number))
        blanks = sorted((y, x) for x, y in page.blanks)
        for line in lines:
            near = blanks[
                bisect_left(blanks, (line.base - 0.3 * line.size,)) : bisect_right(
                    blanks, (line.base + 0.3 * line.size,)
                )
            ]
            own = tuple(x for _, x in near if line.x0 < x < line.x1)
            self.lines.append(moved(replace(line, blanks=own) if own else line, self.down[page.number]))

    def floors(self, rulings: Mapping[int, Sequence[Ruling]]) -> list[Ruling]:
        """Ruling lines across, given by the number of their page, where they stand on the scroll.

        Those above or below all lines of their page stand between these and those of the next one.
        """
        last: dict[int, float] = {}
        for line in self.lines:
            last[line.page] = max(last.get(line.page, line.base), line.base)
        numbers = list(self.down)
        found: list[Ruling] = []
        for number, before, after in zip(numbers, [None, *numbers], [*numbers[1:], None], strict=False):
            low = last[before] if before is not None else float("-inf")
            high = next((start for start, own in self.starts if own == after), float("inf"))
            own = (Ruling(line.at + self.down[number], line.start, line.end) for line in rulings.get(number, ()))
            found.extend(Ruling(min(max(line.at, low), high), line.start, line.end) for line in own)
        return found

    def sides(self, rulings: Mapping[int, Sequence[Ruling]]) -> list[Ruling]:
        """Ruling lines down, given by the number of their page, where they stand on the scroll."""
        return [
            Ruling(line.at, line.start + down, line.end + down)
            for number, down in self.down.items()
            for line in rulings.get(number, ())
        ]

    def back(self, line: Line) -> Line:
        """A line as it stands on its page."""
        return moved(line, -self.down[line.page])

    def place(self, box: Box, lines: Sequence[Line] = ()) -> tuple[int, Box]:
        """The number of the page where a cell with some lines, all of the scroll, begins, and its box there."""
        number = lines[0].page if lines else self.page_at((box[1] + box[3]) / 2)
        at = next(i for i, (_, own) in enumerate(self.starts) if own == number)
        own = [line for line in lines if line.page == number]
        top, bottom = box[1], box[3]
        if at:
            top = max(top, self.starts[at][0])
        if at + 1 < len(self.starts):
            bottom = min(bottom, self.starts[at + 1][0])
        top = min(top, *(line.top for line in own), bottom) if own else min(top, bottom)
        bottom = max(bottom, *(line.bottom for line in own), top) if own else max(top, bottom)
        down = self.down[number]
        return number, (box[0], top - down, box[2], bottom - down)

    def page_at(self, y: float) -> int:
        """The number of the page that a height belongs to."""
        return max((start, number) for start, number in self.starts if start <= y or number == self.starts[0][1])[1]


def moved(line: Line, down: float) -> Line:
    """A line further down."""
    if not down:
        return line
    return replace(
        line, top=line.top + down, bottom=line.bottom + down, base=line.base + down,
        bases=tuple(base + down for base in line.bases),
    )  # fmt: skip
