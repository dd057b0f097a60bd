"""Forged reports in every form with independent truth, and a score for what was read in them."""

from __future__ import annotations

from .build import Forged, forge
from .lookalikes import lookalike
from .score import Score, flagged, score

__all__ = ["Forged", "Score", "flagged", "forge", "lookalike", "score"]
