"""The emulator, and a crawl of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from crawl.emulator import Emulator, Site
from crawl.runs import Runner


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as found:
        yield found


@pytest.fixture
def runner(emulator: Emulator, tmp_path: Path) -> Callable[..., Runner]:
    """A crawl folder of its own over the sites given."""

    def made(*sites: Site, **more: object) -> Runner:
        for site in sites:
            emulator.add(site)
        return Runner(emulator, tmp_path, list(sites), **more)  # type: ignore[arg-type]

    return made
