"""What a test of the pipeline needs beside it: the trial parser and the helpers that run commands."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent

# Child processes are given this path as it stands here.
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent.parent))
