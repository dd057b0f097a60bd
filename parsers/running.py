"""Figures that count lines or pages and say nothing else: codes of lines, links to pages."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.characters.widths import squeeze
from parsers.claims import Claim
from parsers.kinds import kind_of
from parsers.ledger import Laid
from parsers.rows import YEAR_DIGITS, Layout

CODES = 6
COUNTING = 0.8
"""So many figures of a column, of which such a share is one more than the one before, count its lines."""

LEAST_CODES = 3
"""So many figures of running text that go on from the numbers of lines of another table are such numbers too."""

UNITS = "条件次人元万册个项份 /"
"""What may stand behind such a number when its cell and that of the unit are read as one."""


def counts_up(texts: Sequence[str], share: float = 1.0) -> bool:
    """Whether texts are plain figures, of which such a share at least is one more than the one before."""
    steps, last = 0, -2
    for text in texts:
        plain = text if text.isdecimal() else squeeze(text)
        if not plain.isdecimal() or len(plain) >= YEAR_DIGITS:
            return False
        number = int(plain)
        steps += number == last + 1
        last = number
    return steps >= share * (len(texts) - 1)


def without_codes(claims: list[Claim], layouts: Sequence[Laid]) -> list[Claim]:
    """Claims without those of a column that counts its lines, beside other figures or on from a table's: codes."""
    columns: dict[tuple[int, str], list[Claim]] = {}
    for claim in claims:
        if len(claim.keys) == 1:
            columns.setdefault((claim.table, claim.keys[0][1]), []).append(claim)
    counting = {
        place
        for place, own in columns.items()
        if (
            len(own) >= CODES
            and counts_up([claim.cell.text for claim in own], COUNTING)
            and _has_others(own, layouts[place[0]][2])
        )
        or (layouts[place[0]][0] < 0 and _go_on(own, layouts))
    }
    stretches = [run for place, own in columns.items() for run in _running_on(own, layouts[place[0]][2])]
    if not counting and not stretches:
        return claims
    codes = {id(claim) for run in stretches for claim in run}
    codes.update(id(claim) for place in counting for claim in columns[place])
    return [claim for claim in claims if id(claim) not in codes]


def _running_on(claims: Sequence[Claim], layout: Layout) -> list[list[Claim]]:
    """Stretches of a column whose figures count lines one by one beside other figures: codes that came to be there."""
    if len(claims) < CODES:
        return []
    runs: list[list[Claim]] = []
    last = -2
    for claim in claims:
        text = claim.cell.text
        number = int(text) if text.isdecimal() and len(text) < YEAR_DIGITS else -2
        if number == last + 1 and runs:
            runs[-1].append(claim)
        elif number >= 0:
            runs.append([claim])
        last = number
    return [run for run in runs if len(run) >= CODES and _has_others(run, layout)]


def _has_others(claims: Sequence[Claim], layout: Layout) -> bool:
    """Whether most of the rows that claims are of hold another figure, be it taken for a code that counts no lines."""
    rows = {row.number: row for row in layout.rows}
    own = [rows[claim.row] for claim in claims if claim.row in rows]
    serials = [cell.text for row in own for cell in row.serials if kind_of(cell.text) == "number"]
    figures = [
        sum(kind_of(cell.text) == "number" for cell in (*(placed.cell for placed in row.values), *row.notes))
        for row in own
    ]
    if not counts_up(serials, COUNTING):
        figures = [count + len(row.serials) for count, row in zip(figures, own, strict=True)]
    return 2 * sum(count > 1 for count in figures) > len(claims)


def _go_on(claims: Sequence[Claim], layouts: Sequence[Laid]) -> bool:
    """Whether a column counts its lines on from the numbers of lines in a table; some may be blank."""
    firsts: set[int] = set()
    filled = 0
    for at, claim in enumerate(claims):
        if kind_of(claim.cell.text) == "blank":
            continue
        text = squeeze(claim.cell.text).rstrip(UNITS)
        if not text.isdecimal() or len(text) >= YEAR_DIGITS:
            return False
        firsts.add(int(text) - at)
        filled += 1
        if len(firsts) > 1:
            return False
    if filled < LEAST_CODES:
        return False
    serials = (squeeze(cell.text) for _, _, layout, _ in layouts for row in layout.rows for cell in row.serials)
    return (min(firsts) - 1) in {int(text) for text in serials if text.isdecimal() and len(text) < YEAR_DIGITS}
