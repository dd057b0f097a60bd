"""Parts whose documents carry what an archive knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline import schema
from pipeline.archive import within
from pipeline.frames import Parts
from pipeline.harvest import ARCHIVED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.harvest import Facts
    from pipeline.parts import Receipt


class Described(Parts):
    """Parts whose documents carry what the archive knows of them."""

    def __init__(self, folder: Path, receipts: Sequence[Receipt], facts: Facts) -> None:
        super().__init__(folder, receipts)
        self.facts = facts
        self.outer: dict[str, tuple[Any, ...]] | None = None

    def arrow(self, table: str, columns: Sequence[str] | None, span: range) -> Iterator[pa.Table]:
        """The rows of a table, part by part."""
        for rows in super().arrow(table, columns, span):
            yield self._described(rows) if table == "documents" and self.facts else rows

    def _of_outer(self, source: str) -> tuple[Any, ...] | None:
        """What is known of the archive that a file stands in, where the source names such a file."""
        outer, names = within.split(source)
        if not names:
            return None
        if self.outer is None:
            self.outer = {address: facts for (address, _), facts in self.facts.items()}
        return self.outer.get(outer)

    def _described(self, rows: pa.Table) -> pa.Table:
        keys = zip(rows["source"].to_pylist(), rows["document_id"].to_pylist(), strict=True)
        found = [self.facts.get(key) or self._of_outer(key[0]) for key in keys]
        if not any(found):
            return rows
        for place, name in enumerate(ARCHIVED):
            if name in rows.column_names:
                own = rows[name].to_pylist()
                values = [value if facts is None else facts[place] for value, facts in zip(own, found, strict=True)]
                field_ = schema.arrow_schema("documents").field(name)
                filled = pa.array([None if value == "" else value for value in values], field_.type)
                rows = rows.set_column(rows.column_names.index(name), field_.name, filled)
        return rows
