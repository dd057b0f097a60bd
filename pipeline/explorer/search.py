"""Full-text search in the titles and texts of reports: an index of pairs of characters, by Tantivy.

Chinese is written without blanks between words, so a word is looked for as the characters that it consists of, side
by side: every pair of neighbours is a term with its positions, and a phrase of pairs is exactly a piece of the text.
Blanks count for nothing, since these documents set them anywhere; letters are the same in either case, and in full
width. The texts are kept with it, packed, so that the words around a find are shown without reading the tables.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import tantivy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

HEAP = 128 * 1024**2
"""Bytes that are held before a piece of the index is written."""

THREADS = 4
EDGE = "\x02"
"""Stands between texts, so that no word is found across two."""

PAIRED = 1_000_000
"""Characters of a text that are split into pairs at a time."""

_WIDE = {code + 0xFEE0: code for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}
_IS_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")


def folded(text: str) -> str:
    """A text as it is compared: without blanks, in small letters, full width made narrow."""
    said = "".join(text.split()).replace(EDGE, "").lower()
    return said.translate(_WIDE) if _IS_WIDE.search(said) else said


def pattern(term: str) -> re.Pattern[str]:
    """What finds a term in a text as it was published."""

    def one(character: str) -> str:
        wide = ord(character) + 0xFEE0
        return f"[{character}{chr(wide)}]" if wide in _WIDE else re.escape(character)

    return re.compile(r"\s*".join(one(character) for character in folded(term)), re.IGNORECASE)


def build(
    folder: Path,
    heads: Iterable[tuple[int, str]],
    texts: Iterable[tuple[int, str]],
    told: Callable[[int], None],
    threads: int = THREADS,
) -> None:
    """Make an index in an empty folder. `heads` and `texts` are numbers of reports with what is to be found in them,
    parts with EDGE between; a number may come again. `told` hears how many of both are done."""
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=HEAP, num_threads=threads)
    done = 0
    for field, rows in (("head", heads), ("text", texts)):
        for number, said in rows:
            for piece in _pieces(EDGE.join(" ".join(part.split()) for part in said.split(EDGE))):
                document = tantivy.Document()
                document.add_unsigned("n", number)
                document.add_text(field, _pairs(EDGE.join(folded(part) for part in piece.split(EDGE)) + EDGE))
                if field == "text":
                    document.add_bytes("said", piece.encode())
                writer.add_document(document)
            done += 1
            told(done)
    writer.commit()
    writer.wait_merging_threads()


def _pairs(text: str) -> str:
    """The neighbours in a text, two and two, with blanks between."""
    spread = [" "] * (3 * (len(text) - 1))
    spread[0::3] = text[:-1]
    spread[1::3] = text[1:]
    return "".join(spread)


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces of bounded length, which overlap as far as a word with blanks between can reach."""
    over = 512
    for start in range(0, max(len(text) - over, 1), PAIRED):
        if piece := text[start : start + PAIRED + over]:
            yield piece


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for field in ("head", "text"):
        builder.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option="position")
    builder.add_unsigned_field("n", stored=False, indexed=True, fast=True)
    builder.add_bytes_field("said", stored=True, indexed=False)
    return builder.build()


class Search:
    """Looks things up in the index of a folder."""

    def __init__(self, folder: Path) -> None:
        self.index = tantivy.Index.open(str(folder))
        self.searcher = self.index.searcher()

    def numbers(self, term: str, *, within_text: bool) -> pa.Array:
        """The numbers of the reports that hold a term, ascending."""
        wanted = folded(term)
        if not wanted or not self.searcher.num_docs:
            return pa.array([], pa.int64())
        queries = [self._query(field, wanted) for field in (("head", "text") if within_text else ("head",))]
        either = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
        found = self.searcher.search(
            either, limit=self.searcher.num_docs, count=False, order_by_field="n", order=tantivy.Order.Asc
        )
        # A report that is found by its title and its text, or by pieces of a long one, comes more than once.
        return pa.array(np.fromiter((number for number, _ in found.hits), np.int64)).unique()

    def texts(self, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The texts of reports as they were published, blanks aside: parts with EDGE between; a long one in pieces."""
        wanted = tantivy.Query.term_set_query(self.index.schema, "n", list(numbers))
        found = self.searcher.search(wanted, limit=max(self.searcher.num_docs, 1), count=False, order_by_field="n")
        for number, address in found.hits:
            for said in self.searcher.doc(address)["said"]:
                yield number, said.decode()

    def _query(self, field: str, term: str) -> Any:
        if len(term) == 1:
            return tantivy.Query.regex_query(self.index.schema, field, f"{_escaped(term)}.")
        if len(term) == 2:
            return tantivy.Query.term_query(self.index.schema, field, term, "basic")
        # Every second pair says it all, with the last one where the length is odd.
        places = sorted({*range(0, len(term) - 1, 2), len(term) - 2})
        return tantivy.Query.phrase_query(
            self.index.schema, field, [(place, term[place : place + 2]) for place in places]
        )


def _escaped(character: str) -> str:
    """A character for a regular expression of the index, whose rules are those of Rust."""
    return f"\\{character}" if character in r"\.+*?()|[]{}^$#&-~" else character
