"""What the server gives to programs: pages of lists, bounds, errors, headers; and what it never gives."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path

import pyarrow.parquet as pq
import pytest


def ask(address: str, method: str = "GET", **headers: str) -> tuple[int, str, Message]:
    """The status, the text and the headers of an answer."""
    request = urllib.request.Request(address, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode("utf-8", "replace"), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace"), error.headers


@pytest.mark.parametrize("order", ["-year", "year", "title", "-publisher", "published", "-failed", "place", "-issues"])
def test_pages_of_a_list_hold_every_report_once(server: str, release: Path, order: str) -> None:
    mark, seen, back = "", [], ""
    while True:
        _, text, _ = ask(f"{server}/api/v1/reports?latest=all&sort={order}&size=4&after={mark}")
        found = json.loads(text)
        seen += [row["report_id"] for row in found["rows"]]
        mark, back = found["after"], found["before"]
        if not mark:
            break
    assert sorted(seen) == sorted(pq.read_table(release / "reports.parquet")["report_id"].to_pylist())
    assert found["total"] == len(seen)
    before = json.loads(ask(f"{server}/api/v1/reports?latest=all&sort={order}&size=4&before={back}")[1])
    last = len(seen) - (len(seen) % 4 or 4)
    assert [row["report_id"] for row in before["rows"]] == seen[last - 4 : last]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/static/../../../etc/passwd", 404),
        ("/static/%2e%2e/%2e%2e/site.py", 404),
        ("/static/..%2f..%2fapp.py", 404),
        ("/en/documents/..%2f..%2f..%2fetc%2fpasswd/view", 404),
        ("/en/documents/%00/view", 404),
        ("/documents/x/pages/1.png", 404),
        ("/documents/x/pages/-1e9.png", 400),
        ("/en/reports/%27%20OR%201=1--", 404),
        ("/en/reports?sort=report_id;DROP", 400),
        ("/en/reports?year=1e999", 400),
        ("/en/reports?year=99999999999999999999", 400),
        ("/en/reports?after=bm9uZQ", 400),
        ("/en/reports?after=WyJ4IiwgInkiXQ", 200),
        ("/en/reports?q=%00%ff%fe", 200),
        ("/en/reports?q=" + "%E6%9F%A5" * 201, 400),
        ("/en/reports?q=" + "x" * 5000, 414),
        ("/en/checks?rule=%27%3B--&after=%%%", 400),
        ("/en/coverage?place=%27&year=x", 400),
        ("/xx/reports", 404),
        ("/api/v1/reports?size=1000000", 400),
        ("/api/v1/downloads/..%2f..%2frun/csv", 404),
        ("/api/v1/downloads/documents/csv", 400),
        ("/api/v1/downloads/reports/exe", 400),
        ("/api/v1/nothing", 404),
    ],
)
def test_tricks_and_excess_get_clean_errors(server: str, path: str, status: int) -> None:
    code, text, headers = ask(server + path)
    assert code == status
    assert "Traceback" not in text
    assert "root:" not in text
    assert "import " not in text
    kind = "application/json" if path.startswith("/api/") else "text/"
    assert str(headers["content-type"]).startswith(kind)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(server: str, method: str) -> None:
    assert ask(f"{server}/api/v1/reports", method)[0] == 405


def test_a_name_of_another_place_is_refused(server: str) -> None:
    assert ask(f"{server}/en/reports", Host="evil.invalid")[0] == 400


def test_pages_load_nothing_inline_and_frames_run_nothing(server: str, release: Path) -> None:
    policy = str(ask(f"{server}/en/")[2]["content-security-policy"])
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    report = pq.read_table(release / "reports.parquet").to_pylist()[0]
    address = f"{server}/en/documents/{report['document_id']}/view?report={report['report_id']}"
    framed = str(ask(address)[2]["content-security-policy"])
    assert "sandbox allow-top-navigation-by-user-activation" in framed
    assert "script-src" not in framed
    assert "default-src 'none'" in framed


def test_documents_that_changed_since_are_shown_as_such(server: str, release: Path, raw: Path) -> None:
    path = raw / "prose" / "dongpo-zjj-2012.html"
    before = path.read_bytes()
    report = next(r for r in pq.read_table(release / "reports.parquet").to_pylist() if "dongpo" in r["source"])
    path.write_bytes(before + b" ")
    try:
        _, text, _ = ask(f"{server}/en/documents/{report['document_id']}/view?report={report['report_id']}")
        assert "the document has changed since" in text
        path.unlink()
    finally:
        path.write_bytes(before)
