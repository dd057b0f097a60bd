"""Heads of answers that break HTTP's grammar, put into it without guessing.

What a head says plainly stays as it is. A line that says nothing in HTTP is kept under a name of its own, so the
archive shows that it was there. Source of the grammar: RFC 9112, sections 2.2, 4, 5 and 6.
"""

from __future__ import annotations

import re

MALFORMED = b"X-Archive-Malformed"
"""The header field that a line which is no header field is kept in."""

LARGEST = 65_536
"""Bytes of a head. One that is longer is not mended."""

_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/(\d)(?:\.(\d))?[ \t]+(\d{3})(?:[ \t]+(.*))?", re.DOTALL)
_NAME = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_CONTROLS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


def end_of(received: bytes) -> int:
    """Where the head ends in what was received, the empty line included; 0 when it has not ended yet."""
    found = _END.search(received)
    return found.end() if found else 0


def mend(head: bytes) -> bytes:
    """A head as HTTP's grammar has it; one whose first line is no status line stays as it is."""
    first, *lines = head.rstrip(b"\r\n").split(b"\n")
    status = _STATUS.fullmatch(first.strip())
    if status is None:
        return head
    major, minor, code, reason = status.groups()
    fields: list[tuple[bytes, bytes]] = []
    for line in lines:
        text = _CONTROLS.sub(b" ", line.rstrip(b"\r"))
        if text[:1] in (b" ", b"\t") and fields:
            fields[-1] = (fields[-1][0], fields[-1][1] + b" " + text.strip())
        elif text.strip():
            fields.append(_field(text))
    said = [b"HTTP/%s.%s %s %s" % (major, minor or b"1", code, _CONTROLS.sub(b" ", reason or b"").strip())]
    said += [b"%s: %s" % field for field in fields]
    return b"\r\n".join(said) + b"\r\n\r\n"


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    name, value = name.strip(), value.strip()
    if not colon or not _NAME.fullmatch(name):
        return MALFORMED, line.strip()
    lowered = name.lower()
    # A length that is no number, and a coding that does nothing, say no more of the body than silence does.
    if lowered == b"content-length" and not all(part.strip().isdigit() for part in value.split(b",")):
        return MALFORMED, line.strip()
    if lowered == b"transfer-encoding" and value.lower() in (b"identity", b""):
        return MALFORMED, line.strip()
    return name, value
