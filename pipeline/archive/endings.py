"""Names of archive files."""

from __future__ import annotations

ENDINGS = (".warc.gz", ".warc", ".arc.gz", ".arc")
