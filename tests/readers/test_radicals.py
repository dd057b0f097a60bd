"""Pages pasted from PDFs hold radicals and compatibility forms: they are read as the characters they look like."""

from __future__ import annotations

import pytest

from parsers import parse
from tests.forge import forge
from tests.forge.score import field_faults, flagged, score, section_faults

KANGXI = str.maketrans("行文人立一二用日月长风", "⾏⽂⼈⽴⼀⼆⽤⽇⽉⻓⻛")
COMPATIBLE = str.maketrans("理年不行六律", "\uf9e4\uf98e\uf967\ufa08\uf9d1\uf9d8")


@pytest.mark.parametrize("signs", [KANGXI, COMPATIBLE], ids=["radicals", "compatibility forms"])
@pytest.mark.parametrize("seed", range(8))
def test_facts_headings_and_cells_are_those_of_the_plain_page(seed: int, signs: dict[int, int]) -> None:
    made = forge(seed, hardness=0.0)
    seen = parse(made.content.decode().translate(signs).encode(), source=made.name)
    assert field_faults(made.truth, seen.reports[0] if seen.reports else None) == []
    assert section_faults(made.truth, seen.sections) == []
    found = score(made.truth, seen.observations, flagged(seen.observations, seen.issues, seen.checks))
    assert found.perfect, found.faults[:5]
    assert "radical_characters" in {issue.code for issue in seen.issues}
