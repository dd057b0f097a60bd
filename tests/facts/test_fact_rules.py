"""The data files: every pattern compiles, every weight has its place, mistakes are named."""

from __future__ import annotations

import pytest

from parsers.errors import DataFileError
from parsers.facts import rules
from parsers.records import BODY_TYPES, SCOPES

FILES = ("bodies", "contacts", "dates", "metadata", "publisher", "scope", "title", "year")


@pytest.mark.parametrize("name", FILES)
def test_patterns_compile(name):
    data = rules.load(name)
    for table in ("patterns", "names", "shapes", "values", "mask"):
        for key in data.get(table, {}):
            rules.pattern(name, f"{table}.{key}")


def test_types_and_scopes_are_those_of_the_schema():
    assert {rule["type"] for rule in rules.load("bodies")["type"]} <= set(BODY_TYPES)
    assert {phrase["scope"] for phrase in rules.load("scope")["phrase"]} <= set(SCOPES)
    assert {phrase["place"] for phrase in rules.load("scope")["phrase"]} == {"preamble", "body"}


def test_no_label_names_two_fields():
    data = rules.load("metadata")
    labels = [label for names in (*data["labels"].values(), *data["generic"].values()) for label in names]
    assert len(labels) == len(set(labels))


def test_mistakes_in_a_data_file_are_named():
    with pytest.raises(DataFileError, match=r"patterns\.missing"):
        rules.pattern("title", "patterns.missing")
    with pytest.raises(DataFileError, match="does not compile"):
        rules.Pattern("(", where="a file")
    with pytest.raises(DataFileError):
        rules.load("no_such_file")
