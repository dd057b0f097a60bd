"""What is printed: a forged report as blocks and grids, with its truth."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.forge import layout, words
from tests.forge.build import draw, looks, plain, show, source_error, tables
from tests.forge.layout import Grid
from tests.forge.reading import read


@dataclass(slots=True)
class Story:
    """A report before it is set: blocks as `words.Prose` has them, tables by number, truth as `forge` has it."""

    facts: words.Facts
    blocks: list[tuple[int, str]]
    grids: list[Grid]
    truth: dict[str, Any] = field(default_factory=dict)


def story(seed: int, form: str, hardness: float = 0.3) -> Story:
    """A report from a seed; the same seed gives the same report."""
    rng = random.Random(f"press {seed}")
    facts = words.facts(rng, form)
    look = looks(rng, form, facts, hardness)
    figures, printed = draw(rng, form, look)
    wrong = source_error(rng, figures) if rng.random() < 0.1 else None
    shown = show(rng, form, figures, hardness)
    grids = tables(form, shown, look, printed)
    keys = layout.keys_of(grids)
    text = words.prose(rng, form, facts, len(grids))
    readings = {key: read(shown[key]) for key in keys}
    truth: dict[str, Any] = {
        "form": form, "report_year": facts.year, "published_date": None,
        "publisher": facts.publisher, "publisher_ok": list(facts.publisher_ok), "title": facts.title,
        "index_number": None, "document_number": None,
        "email": facts.email or None, "phone": facts.phone or None, "period": list(facts.period),
        "sections": [list(s) for s in text.sections],
        "cells": [[i, b, plain(readings[i, b].number)] for i, b in keys],
        "statuses": [readings[k].status for k in keys],
        "source_error": list(wrong) if wrong else None, "kind": "report",
    }  # fmt: skip
    return Story(facts, text.blocks, grids, truth)
