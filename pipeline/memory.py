"""Memory that is given back to the system once nothing needs it: where tables are made, pieces come and go."""

from __future__ import annotations

import ctypes

LARGE = 512 * 1024
"""Bytes from which on a piece of memory is asked for by itself, and given back as soon as it is free."""

_MMAP_THRESHOLD = -3
"""What glibc's `mallopt` calls it; without it the bound grows with what is given back, and pieces are kept."""


def give_back_large() -> None:
    """From now on have large pieces given back at once, where the system's allocator can."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt") and hasattr(library, "malloc_trim"):
        library.mallopt(_MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Give back what is free, where the system's allocator can."""
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
