"""The containers of a page's blocks, made of the boxes that its source opens."""

from __future__ import annotations

from parsers.document import Container
from parsers.frozen import maker
from parsers.readers.containers import role_of
from parsers.readers.flow import Box

_made = maker(Container)

CHAIN = 8
"""Of a chain of containers taken as one, how many give their names."""


def numbered(direct: list[int], boxes: list[Box]) -> tuple[dict[int, int], tuple[Container, ...]]:
    """Containers for the boxes that hold blocks or links, parents first, and the container of each box.

    A box that holds nothing itself and one other box is one container with it: names are joined
    (outer first), the innermost role that says something holds.
    """
    full = set(direct)
    children: dict[int, int] = {}
    seen: set[int] = set()
    for start in direct:
        box = start
        while box >= 0 and box not in seen:
            seen.add(box)
            box = boxes[box].parent
            children[box] = children.get(box, 0) + 1
    number: dict[int, int] = {-1: -1}
    containers: list[Container] = []
    for start in direct:
        if start in number:
            continue
        path = []
        box = start
        while box not in number:
            path.append(box)
            box = boxes[box].parent
        parent = number[box]
        carried: list[int] = []
        for inner in reversed(path):
            carried.append(inner)
            if inner not in full and children.get(inner, 0) == 1:
                continue
            for member in carried:
                number[member] = len(containers)
            containers.append(_container(parent, [boxes[member] for member in carried]))
            parent = len(containers) - 1
            carried = []
    return number, tuple(containers)


def _container(parent: int, chain: list[Box]) -> Container:
    if len(chain) == 1:
        box = chain[0]
        return _made(parent, box.tag, box.ident, box.classes, role_of(box.tag, box.ident, box.classes, box.aria))
    role = ""
    for box in chain:
        role = role_of(box.tag, box.ident, box.classes, box.aria) or role
    ident = " ".join([box.ident for box in chain[-CHAIN:] if box.ident])
    classes = " ".join([box.classes for box in chain[-CHAIN:] if box.classes])
    return _made(parent, chain[-1].tag, ident, classes, role)
