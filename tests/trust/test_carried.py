"""Pages within JSON, scripts, written-out tags and web archives are read like pages, and every cell is found again."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from published import SAMPLES

from parsers import parse
from parsers.errors import DocumentError
from pipeline.audit import audit
from pipeline.cli import main
from pipeline.explorer.marks import Mark
from pipeline.explorer.pages import safe
from pipeline.tables import Tables
from pipeline.verify import verify

PAGE = next(
    path
    for path in sorted(SAMPLES.iterdir())
    if path.read_bytes()[:1] == b"<" and b"utf-8" in path.read_bytes()[:400].lower()
)


def body() -> str:
    text = PAGE.read_text("utf-8")
    return text[text.lower().index("<body") : text.lower().index("</body>")].partition(">")[2]


def in_json(page: str) -> bytes:
    data = {"code": 0, "data": {"title": "甲乡年报", "publishTime": 1642500000000, "con~tent": [page]}}
    return json.dumps(data, ensure_ascii=False).encode()


def in_a_call(page: str) -> bytes:
    return f"callback({json.dumps([{'content': page}])});".encode()


def in_a_script(page: str) -> bytes:
    literal = json.dumps(page, ensure_ascii=False).replace("</", "<\\/")
    return (
        "<html><head><meta charset=utf-8><script>var a='x\\'';</script></head><body><!-- <script>'no'</script> -->"
        f"<div id=app></div><script>var b = 'y', content = {literal};</script></body></html>"
    ).encode()


def written_out(page: str) -> bytes:
    return f"<html><meta charset=utf-8><body><p>正文</p><textarea>{html.escape(page)}</textarea></body></html>".encode()


def held(start: str) -> Callable[[str], bytes]:
    """A page whose text stands in an element that shows nothing, behind another one of its name."""
    name = start.split(maxsplit=1)[0]
    first = f"<{name}>x</{name}><{'noscript' if name != 'noscript' else 'textarea'}>y</textarea></noscript>"

    def carry(page: str) -> bytes:
        return f"<html><meta charset=utf-8><body><p>正文</p>{first}<{start}>{page}</{name}></body></html>".encode()

    return carry


def written_out_in_json(page: str) -> bytes:
    return json.dumps({"content": html.escape(page)}).encode()


def in_a_web_archive(page: str) -> bytes:
    message = EmailMessage()
    message.set_content("x")
    message.make_related()
    message.add_related(f"<html><body>{page}</body></html>".encode(), "text", "html")
    return message.as_bytes()


WAYS = {
    "json.json": (in_json, "json:/data/con~0tent/0!"),
    "call.js": (in_a_call, "json:/0/content!"),
    "script.html": (in_a_script, "script:2:2!"),
    "written_out.html": (written_out, "escaped:1!"),
    "textarea.html": (held("textarea style='display:none'"), "textarea:2!"),
    "noscript.html": (held("noscript"), "noscript:2!"),
    "template.html": (held("template id=t"), "template:2!"),
    "mould.html": (held("script type='text/plain'"), "script:2:0!"),
    "twice.json": (written_out_in_json, "json:/content!escaped:1!"),
    "archive.mht": (in_a_web_archive, "mhtml:2!"),
}


def figures(content: bytes) -> dict[tuple[str, str], tuple[object, str]]:
    found = parse(content, source="x")
    return {(o.indicator, o.breakdown): (o.value, o.raw) for o in found.observations}


@pytest.mark.parametrize("name", WAYS)
def test_a_carried_page_gives_the_figures_of_the_page(name: str) -> None:
    carry, way = WAYS[name]
    found = parse(carry(body()), source=name)
    assert figures(carry(body())) == figures(PAGE.read_bytes()) != {}
    assert {o.locator.rpartition("!")[0] + "!" for o in found.observations} == {way}


def test_what_an_interface_says_beside_a_page_is_read() -> None:
    lines = [
        "某县水利局2021年政府信息公开工作年度报告",
        *(f"{n}、主动公开政府信息情况。本局认真公开。" for n in "一二三四五六"),
    ]
    (report,) = parse(in_json("".join(f"<p>{line}</p>" for line in lines * 2)), source="x.json").reports
    assert str(report.published_date) == "2022-01-18"


@pytest.mark.parametrize("name", [name for name in WAYS if name not in ("noscript.html", "template.html")])
def test_every_cell_is_found_again(name: str, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / name).write_bytes(WAYS[name][0](body()))
    assert main(["extract", str(raw), "--out", str(tmp_path / "out"), "--quiet", "--workers", "1"]) == 0
    tables = Tables(tmp_path / "out")
    verdict = verify(tables, [str(raw)])
    assert verdict.differences == []
    assert verdict.rows["observations"] == len(figures(PAGE.read_bytes())) > 0
    assert audit(tables).holds


def test_json_that_breaks_off_is_no_page() -> None:
    content = in_json(body())
    with pytest.raises(DocumentError, match="breaks off"):
        parse(content[: len(content) // 2], source="x.json")


@pytest.mark.parametrize(
    "content",
    [
        '{"total": 2, "articles": [{"title": "某局2020年政府信息公开工作年度报告", "url": "/1.html"}]}',
        "<html><body><p>政府信息公开</p><script>var tip = '本网站由某市人民政府办公室主办';</script></body></html>",
        '["一", "二"] 三',
    ],
)
def test_short_texts_are_no_pages(content: str) -> None:
    found = parse(content.encode(), source="x")
    assert found.documents[0].kind in ("other", "list")
    assert "carried_page" not in {issue.code for issue in found.issues}


def test_a_page_that_shows_its_text_is_not_left_for_its_scripts() -> None:
    content = PAGE.read_bytes().replace(
        b"</body>", b"<script>var x = " + json.dumps(body() * 2).encode() + b"</script></body>"
    )
    assert figures(content) == figures(PAGE.read_bytes())


def test_marks_stand_in_the_carried_page() -> None:
    mark = Mark("json:/a!html:td#1[0:1]", "value", "/x/1", "5")
    shown = safe("<table><tr><td>5</td></tr></table>", [mark], "/x/")
    assert f'id="{mark.anchor}"' in shown
    assert ">5</a>" in shown
