"""Pages as other publishers lay them out: every cell right or left open, nothing invented, nothing silently wrong."""

from __future__ import annotations

import pytest

from tests.forge.adversary import KINDS, judge, make

UNREAD = frozenset(("text_fixed_blank", "missing_cells"))
"""Kinds of which not every cell is read."""


@pytest.mark.parametrize("name", KINDS)
def test_other_layouts(name: str) -> None:
    for seed in range(3):
        case, content, source = make(name, seed)
        one, faults = judge(case, content, source)
        assert (one.silent, one.invented) == (0, 0), faults
        if name not in UNREAD:
            assert faults == []
