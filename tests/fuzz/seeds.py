"""What is damaged: pages and texts of the corpus, the samples and the forge, and files of other formats."""

from __future__ import annotations

import functools
import html
import io
import os
import random
import re
import zipfile
from pathlib import Path

from tests import damage
from tests.forge import forge
from tests.forge.lines import FORMS
from tests.press import content, setting

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get("GONGKAI_CORPUS") or ROOT.parent / "shared" / "corpus") / "raw"
SAMPLES = ROOT / "data" / "raw"
MADE = ROOT / ".tools" / "fuzz" / "seeds"
"""Files that office programs made of the samples; there after `python -m tests.fuzz --make-seeds`."""

FORGED = 60
PRINTED = 40
MOST = 400_000
"""Longer pages than this many characters are no seeds: a mutation may repeat a part of them."""

_DOCX = (
    (
        "[Content_Types].xml",
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    ),
    (
        "_rels/.rels",
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
    ),
)
_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@functools.cache
def pages() -> tuple[str, ...]:
    """HTML pages as text."""
    found = [_text(path) for folder in (CORPUS, SAMPLES) for path in sorted(folder.rglob("*.htm*"))]
    for number in range(FORGED):
        made = forge(number, hardness=0.3)
        if made.name.endswith((".html", ".htm")):
            found.append(_decoded(made.content))
    return tuple(text for text in found if "<" in text and len(text) <= MOST)


@functools.cache
def texts() -> tuple[str, ...]:
    """Plain texts: the corpus's own, and pages flattened."""
    own = [_text(path) for folder in (CORPUS, SAMPLES) for path in sorted(folder.rglob("*.txt"))]
    flat = [damage.flat_text(page, place) for place, page in enumerate(pages())]
    return tuple(text if isinstance(text, str) else text.decode() for text in (*own, *flat))


@functools.cache
def prints() -> tuple[bytes, ...]:
    """PDF files: those that are there, and reports printed with the habits of many programs."""
    printed = (_print(number) for number in range(PRINTED))
    return (*_files("*.pdf"), *printed)


def _print(number: int) -> bytes:
    story = content.story(number, FORMS[number % len(FORMS)])
    look = setting.habits(random.Random(number))
    return setting.print_report(story, look, number, shapes=False).bytes()


@functools.cache
def words() -> tuple[bytes, ...]:
    """Word files: those that an office program made, and written by hand from pages."""
    return (*_files("*.docx"), *(docx(page) for page in pages()[:24]))


def docx(page: str) -> bytes:
    """A page's paragraphs and tables as a Word file; cells keep their spans across columns."""
    body = []
    inside = re.sub(r"(?is)<(script|style|title)\b.*?</\1>|<!--.*?-->", "", page)
    for piece in re.split(r"(?is)(<table\b.*?</table>)", inside):
        if not piece[:6].lower().startswith("<table"):
            lines = [_plain(line) for line in re.split(r"(?i)</?(?:p|div|br|h\d|li|tr)\b[^>]*>", piece)]
            body += [_paragraph(line) for line in lines if line]
            continue
        rows = []
        for row in re.split(r"(?i)<tr\b[^>]*>", piece)[1:]:
            cells = []
            for tag, text in re.findall(r"(?is)<t[dh]\b([^>]*)>(.*?)(?=<t[dh]\b|</tr|\Z)", row):
                span = re.search(r"(?i)colspan\D{0,3}(\d{1,3})", tag)
                given = f'<w:tcPr><w:gridSpan w:val="{span[1]}"/></w:tcPr>' if span else ""
                cells.append(f"<w:tc>{given}{_paragraph(_plain(text))}</w:tc>")
            rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
        body.append(f"<w:tbl>{''.join(rows)}</w:tbl>")
    document = f'<w:document xmlns:w="{_WORDS}"><w:body>{"".join(body)}</w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in (*_DOCX, ("word/document.xml", document)):
            packed.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{html.escape(text)}</w:t></w:r></w:p>"


def _plain(markup: str) -> str:
    text = html.unescape(re.sub(r"<[^>]*>", "", markup))
    return " ".join(re.sub(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "", text).split())


def _files(pattern: str) -> tuple[bytes, ...]:
    return tuple(
        path.read_bytes()
        for folder in (CORPUS, SAMPLES, MADE)
        if folder.is_dir()
        for path in sorted(folder.rglob(pattern))
    )


def _text(path: Path) -> str:
    return _decoded(path.read_bytes())


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("gb18030", "replace")
