"""Pages as other publishers lay them out: every cell right or left open, nothing invented, nothing silently wrong."""

from __future__ import annotations

import pytest

from tests.forge.adversary import KINDS, judge, make

UNREAD = frozenset(("disputes_down", "with_current_forms", "text_fixed", "missing_cells"))
"""Kinds of which not every cell is read."""

UNTOLD = frozenset(("with_current_forms",))
"""Kinds that mislead still."""


@pytest.mark.parametrize("name", KINDS)
def test_other_layouts(name: str) -> None:
    for seed in range(3):
        case, content, source = make(name, seed)
        one, faults = judge(case, content, source)
        if name not in UNTOLD:
            assert (one.silent, one.invented) == (0, 0), faults
        if name not in UNREAD:
            assert faults == []
