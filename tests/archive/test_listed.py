"""Documents and their digests come back from a compact list as they were put into it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.listed import Files, Hashes, Joined, RawFile

NAME = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=6)


@given(st.dictionaries(NAME, st.tuples(NAME, st.booleans(), st.integers(-(2**62), 2**62), st.integers(0, 2**64 - 1))))
def test_every_document_comes_back_as_it_was(given_: dict[str, tuple[str, bool, int, int]]) -> None:
    files = [
        RawFile(source, f"/raw/{source}" if plain else other, abs(number), number, -number, inode)
        for source, (other, plain, number, inode) in given_.items()
    ]
    listed = Files(files)
    assert list(listed) == sorted(files, key=lambda file: file.source)
    assert [listed[place] for place in range(len(listed))] == list(listed)
    assert all(listed[listed.place(file.source)] == file for file in files)


def test_a_digest_is_known_of_the_documents_that_it_was_told_of() -> None:
    hashes = Hashes(Files(RawFile(name, f"/raw/{name}", 1, 1, 1, 1) for name in ("b", "a", "a.b")))
    hashes.put("a", "0f" * 32)
    hashes.put("b", "")
    assert [hashes.get(name) for name in ("a", "a.b", "b")] == ["0f" * 32, "", ""]
    assert [(file.source, sha256) for file, sha256 in hashes.items()] == [("a", "0f" * 32), ("a.b", ""), ("b", "")]
    with pytest.raises(KeyError):
        hashes.get("a.")


def test_lists_are_one_after_the_other() -> None:
    files = [RawFile(name, f"/raw/{name}", 1, 1, 1, 1) for name in "abc"]
    joined: Joined[RawFile | int] = Joined(Files(files[:2]), [], [7], Files(), Files(files[2:]), [])
    assert list(joined) == [*files[:2], 7, files[2]]
    assert [joined[place] for place in range(len(joined))] == list(joined)
