from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from pipeline import shards as module
from pipeline.archive.listed import RawFile


def files(names: list[str]) -> list[RawFile]:
    return [RawFile(name, f"/raw/{name}", 1, 1, 1, 1) for name in names]


def shards(listed: list[RawFile]) -> list[tuple[RawFile, ...]]:
    return [tuple(listed[place] for place in places) for places in module.shards(listed)]


@given(st.lists(st.text(max_size=5), unique=True, max_size=200), st.randoms())
def test_every_file_once_whatever_the_order(names: list[str], shuffler: random.Random) -> None:
    found = shards(files(names))
    assert sorted(file.source for shard in found for file in shard) == sorted(names)
    assert all(0 < len(shard) <= module.LIMITS[0] for shard in found)
    shuffled = files(names)
    shuffler.shuffle(shuffled)
    assert shards(shuffled) == found


def test_a_new_file_touches_one_shard() -> None:
    names = [f"{number}.html" for number in range(1000)]
    before = set(shards(files(names)))
    after = set(shards(files([*names, "new.html"])))
    assert len(before - after) == 1
    assert len(after - before) <= 2


def test_large_folders_have_large_shards() -> None:
    found = shards(files([f"{number}.html" for number in range(10_000)]))
    assert min(len(shard) for shard in found) >= 200
    assert max(len(shard) for shard in found) <= module.LIMITS[1]
