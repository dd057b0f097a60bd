"""Scans are read by models that come with an extra: without it their tests are left out, and say so."""

from __future__ import annotations

import importlib.util

import pytest
from scans import making


@pytest.fixture(scope="session")
def recogniser():
    """What reads pictures."""
    for name in ("rapidocr", "onnxruntime", "cv2"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"text recognition is not installed ({name}): make test OCR=1")
    from pipeline.convert import Scans

    return Scans()


@pytest.fixture(scope="session")
def printed_2021() -> bytes:
    """A sample of the form of 2021 as a PDF."""
    try:
        return making.printed(making.SAMPLES / making.OF_2021)
    except FileNotFoundError as error:
        pytest.skip(str(error))
