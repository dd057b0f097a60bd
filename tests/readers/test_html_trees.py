"""Any soup of tags gives the cells, rows and text that an HTML5 parser sees in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st
from locate import find
from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.document import Table
from parsers.readers.html import read

TAGS = (
    "<table> </table> <tr> </tr> <td> </td> <td> </td> <th> </th> <tbody> </tbody> <thead> </thead> <tfoot> </tfoot> "
    "<caption> </caption> <p> </p> <p> </p> <div> </div> <ul> </ul> <li> </li> <dl> <dt> <dd> </dl> <b> </b> <font> "
    "</font> <span> </span> <a> </a> <h2> </h2> <h3> <br> <o:p> </o:p> <!--x--> <center> </center> </br> <hr> <body> "
    "</body> </html> <pre> </pre> <em> </em> <article> </article> <col> <colgroup> <nobr> <sub> </sub> < & &nbsp; "
    "<script>if(a<b)'<td/>'</script> <span\tx='>'>"
).split(" ")

soups = st.lists(st.one_of(st.sampled_from(TAGS), st.sampled_from(list("abcdef甲乙丙丁12345678"))), max_size=40).map(
    "".join
)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def text_of(node: LexborNode, *, tables: bool) -> str:
    """The text of an element, with or without that of tables within it."""
    if node.tag == "-text":
        return node.text_content or ""
    if node.tag in ("script", "-comment") or (node.tag == "table" and not tables):
        return ""
    return "".join(text_of(child, tables=tables) for child in children(node))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["", "<body>", "<table><tr>", "<table><tr><td>"]), soups)
def test_soup_is_read_as_an_html5_parser_reads_it(opening: str, soup: str) -> None:
    numbers = iter(range(1, 1000))
    page = re.sub("<(t[dh])>", lambda tag: f"<{tag[1]} n={next(numbers)}>", f"一{opening}{soup}")
    root = LexborHTMLParser(page).root
    assert root is not None
    cells = {int(node.attributes["n"] or 0): node for node in root.css("td, th")}
    together = [
        {int(cell.attributes["n"] or 0) for cell in children(row) if cell.tag in ("td", "th")} for row in root.css("tr")
    ]
    document = read(page)
    seen = []
    for block in document.blocks:
        if not isinstance(block, Table):
            seen.append(block.text)
            assert squeezed(find(page, block.locator)) == squeezed(block.text)
            continue
        seen.append(block.caption)
        rows: dict[int, set[int]] = {}
        for cell in block.cells:
            number = int(re.findall(r"\d+", cell.locator)[0])
            assert squeezed(cell.text) == squeezed(text_of(cells[number], tables=False))
            assert squeezed(find(page, cell.locator)) == squeezed(cell.text)
            rows.setdefault(cell.row, set()).add(number)
            seen.append(cell.text)
        assert all(row in together for row in rows.values())
    assert sorted(squeezed("".join(seen))) == sorted(squeezed(text_of(root, tables=True)))
