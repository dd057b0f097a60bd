"""Elements of WordprocessingML and what stands in them, in both of its namespaces."""

from __future__ import annotations

from typing import Any

STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = frozenset(("0", "false", "off", "none"))


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for what is none."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def child(element: Any, name: str) -> Any:
    """The first child of a name, None where there is none."""
    if element is None:
        return None
    found = element.find(W + name)
    return found if found is not None else element.find(STRICT + name)


def get(element: Any, name: str, default: str = "") -> str:
    """An attribute of an element that may not be there."""
    if element is None:
        return default
    value = element.get(W + name)
    if value is None:
        value = element.get(STRICT + name)
    return default if value is None else str(value)


def integer(text: str, default: int) -> int:
    """A number as text as a whole number."""
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return default


def on(element: Any) -> bool | None:
    """A switch such as `w:b`: None when it is not there."""
    if element is None:
        return None
    return get(element, "val", "1").lower() not in _OFF
