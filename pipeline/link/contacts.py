"""Tables without contacts: telephones, e-mail addresses and names of clerks, wherever they stand.

Columns for contacts are emptied; in every other text, section text and cells included, `MARK` stands for what was
taken out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from parsers.facts import without_contacts
from pipeline import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MARK = "█"
"""What stands for a contact."""

COLUMNS = ("email", "phone")
"""Columns of `reports` that hold nothing else."""

ABOUT = ("phone_", "email_")
"""How codes of issues begin that are about a contact and quote it."""

_KEPT = frozenset(
    "document_id report_id previous_report_id other_report_id body_id source locator archive etag article_digest "
    "credit_code division_code section parent indicator breakdown".split()
)
# What can be a contact at all: most texts are none and are passed over.
_PERHAPS = "[@＠话話真機机邮郵员員辑輯络人]|(?i:tel|fax|mail|qq|163|126)|[0-9０-９][-0-9０-９—－ ]{5,}"


def left_out(pieces: Callable[[str], Iterable[pd.DataFrame]]) -> Callable[[str], Iterator[pd.DataFrame]]:
    """The rows of tables, given by table as for `publish`, without contacts."""

    def without(table: str) -> Iterator[pd.DataFrame]:
        for rows in pieces(table):
            yield _without(table, rows)

    return without


def _without(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    changed = {}
    for column in schema.columns(table):
        if column.kind != "text" or column.values or column.name in _KEPT:
            continue
        texts = pa.table({"text": pa.array(rows[column.name], from_pandas=True)})["text"].combine_chunks()
        texts = texts.cast(pa.string())
        if column.name in COLUMNS:
            texts = pa.nulls(len(texts), pa.string())
        else:
            perhaps = pc.fill_null(pc.match_substring_regex(texts, _PERHAPS), False)
            if not pc.any(perhaps).as_py():
                continue
            new = [without_contacts(text, MARK) for text in texts.filter(perhaps).to_pylist()]
            texts = pc.replace_with_mask(texts, perhaps, pa.array(new, pa.string()))
        changed[column.name] = pd.Series(texts, index=rows.index, dtype=pd.ArrowDtype(pa.string()))
    rows = rows.assign(**changed)
    if table == "issues":
        about = rows["code"].str.startswith(ABOUT).fillna(value=False)
        rows = rows.assign(**{name: rows[name].mask(about & rows[name].notna(), MARK) for name in ("raw", "message")})
    return rows[~rows["indicator"].isin(COLUMNS)] if table == "revisions" else rows
