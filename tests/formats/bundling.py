"""Pages with attachments, in memory and on disk."""

from __future__ import annotations

import io
import re
import zipfile

import pyarrow.parquet as pq
from formats.making import SAMPLES

from parsers import parse
from parsers.records import Attachment, Bundle
from pipeline.cli import main

ADDRESS = "http://www.a.gov.cn/n/2022.html"
TITLE = "金川县自然资源局2022年政府信息公开工作年度报告"


def page(sample):
    return (SAMPLES / sample).read_bytes()


def cover(title=TITLE, *names):
    links = "".join(f"<p><a href='f/{name}'>{name}</a></p>" for name in names)
    head = f"<head><meta charset='utf-8'><title>{title}</title></head>"
    byline = "<p>索引号：000014349/2023-00011</p><p>发布日期：2023-01-20</p>"
    return f"<html>{head}<body>{byline}<h1>{title}</h1><div id='zoom'>{links}</div></body></html>".encode()


def bundle(content, **attachments):
    named = {name.replace("_", "."): data for name, data in attachments.items()}
    given = tuple(Attachment(data, f"http://www.a.gov.cn/n/f/{name}") for name, data in named.items())
    return parse(Bundle(content, ADDRESS, given))


def cells(parsed):
    return {(o.indicator, o.breakdown): (o.status, o.value) for o in parsed.observations}


def without_tables(content):
    return re.sub(rb"<table.*?</table>", b"", content, flags=re.DOTALL | re.IGNORECASE)


def codes(parsed):
    return [issue.code for issue in parsed.issues]


def packed(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("_", "."), content)
    return out.getvalue()


def extracted(raw, out, *more):
    assert main(["extract", str(raw), "--out", str(out), "--quiet", "--no-office", *more]) in (0, 1)
    return {
        name: pq.read_table(out / f"{name}.parquet").to_pylist()
        for name in ("documents", "reports", "report_documents", "observations", "issues")
    }


def placed(folder, **files):
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def linked(*links):
    return cover(TITLE).replace(b"<div id='zoom'>", b"<div id='zoom'>" + b"".join(
        f"<p><a href='{link}'>附件</a></p>".encode() for link in links
    ))  # fmt: skip
