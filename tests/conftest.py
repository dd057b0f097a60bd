"""What holds for all tests: with `GONGKAI_WHOLE=1` one that is left out for want of a program or of the corpus fails.

Without it such tests are skipped and say what is missing; a check of a change must run them all. No example of a
property has to be done in a given time: machines that run tests are busy.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

NOT_HERE = ("the superuser may read everything", "no file system can be mounted here")
"""Reasons that lie in the machine and not in what is installed on it."""


LONG = ("crawl", "security", "explorer", "pipeline", "scans", "press", "formats", "trust")
"""Folders whose tests start programs or take long: they begin first, so that none of them is the last to end.

Those that run an event loop stand before those of the browser, whose own loop goes on in its process.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests before the others, each folder in its own order."""
    folders = {name: at for at, name in enumerate(LONG)}
    items.sort(key=lambda item: folders.get(item.path.parent.name, len(LONG)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, pytest.TestReport]:
    report: pytest.TestReport = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("GONGKAI_WHOLE"):
        reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not any(known in reason for known in NOT_HERE):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was left out: {reason}"
    return report
