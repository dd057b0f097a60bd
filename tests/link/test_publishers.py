"""Names of publishers of all kinds, with what they are and where: right or unknown, never wrong.

In `publishers.csv` `|` parts what is right: 江苏省… may be known to its township or to its county only, and where
nothing stands between two bars or at an end the body may stay unknown. An empty code says only that the level is right.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from parsers.facts.bodies import body_type
from parsers.records import BODY_TYPES, LEVELS
from pipeline.link.divisions import gazetteer
from pipeline.link.places import Places

NAMES = list(csv.DictReader(Path(__file__).with_name("publishers.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(gazetteer())


@pytest.mark.parametrize("row", NAMES, ids=[f"{row['name']}-{row['year']}" for row in NAMES])
def test_a_publisher_is_known_or_unknown_but_not_wrong(row: dict[str, str], places: Places) -> None:
    year = int(row["year"])
    types, levels, codes = (row[name].split("|") for name in ("body_type", "level", "code"))
    assert set(types) <= set(BODY_TYPES)
    assert set(levels) <= set(LEVELS)
    assert body_type(row["name"]) in types
    division = places.read(row["name"], year).division
    found = places.dated(division, year) if division is not None else None
    assert (found.level_name if found else "") in levels
    assert codes == [""] or (found.code if found else "") in codes


def test_every_type_and_level_is_among_them() -> None:
    assert {kind for row in NAMES for kind in row["body_type"].split("|")} == set(BODY_TYPES)
    assert {level for row in NAMES for level in row["level"].split("|")} == set(LEVELS)
