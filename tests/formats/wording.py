"""Files of Word written by hand, as small as they can be."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, **parts: str) -> bytes:
    """A .docx of a body; `parts` are further members, `_` in their names for `/`."""
    out = io.BytesIO()
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>{body}</w:body></w:document>'  # fmt: skip # noqa: E501
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
        for name, text in parts.items():
            archive.writestr(name.replace("_", "/") + ".xml", f'<w:root xmlns:w="{W}">{text}</w:root>')
    return out.getvalue()


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def r(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(text: str, marks: str = "") -> str:
    return f"<w:tc><w:tcPr>{marks}</w:tcPr>{''.join(p(r(line)) for line in text.split('|'))}</w:tc>"


def tr(*cells: str, marks: str = "") -> str:
    return f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*lines: str) -> str:
    return f"<w:tbl>{''.join(lines)}</w:tbl>"


def package(body: str) -> bytes:
    """The same with all that office programs ask of a file."""
    out = io.BytesIO(docx(body))
    with zipfile.ZipFile(out) as source:
        document = source.read("word/document.xml")
    out = io.BytesIO()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    spaces = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{spaces}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default'
            ' Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override'
            f' PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{spaces}/relationships"><Relationship Id="r1" Type="{office}"'
            ' Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", document)
    return out.getvalue()
