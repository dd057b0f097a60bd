"""Server time of each view of the explorer over a synthetic release on disk, and the server's peak memory.

    python bench/explorer.py [--reports 1000000] [--rounds 12] [--keep DIR] [--most-memory 1024]

The release is made first, with the columns, order and row groups of published tables: for each report 8 sections of
about 140 characters, 40 observations, 25 checks, and an issue for every second; 60,000 bodies with coverage of 18
years; a panel of which the columns of requests and outcomes are filled. Each round asks every view for something
else, so that most answers are not in the server's store of answers; the first round meets it cold. Times are those of
a client on the same machine, from the request to the last byte; beside them, what the server's processors did, which
tells less of what else the machine has to do. The index is made, and measured, before. Exit code 1 when memory is more than allowed, or an
answer is no success.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from parsers.forms import forms  # noqa: E402
from parsers.forms.crosswalk import crosswalk  # noqa: E402
from pipeline import schema  # noqa: E402
from pipeline.explorer.concepts import SHOWN  # noqa: E402

BODIES = 60_000
STEP = 50_000
"""Reports that are made at a time."""

PAGES = 20
"""Reports whose archived page is there."""

WORDS = (
    "政府信息公开 主动公开 依申请公开 行政许可 规范性文件 教育 卫生健康 生态环境 财政预算 社会救助 征地拆迁 食品安全 政务服务 门户网站 "
    "微信公众号 新闻发布会 监督检查 业务培训 责任追究 平台建设 制度建设 便民服务 重点领域 优化营商环境 疫情防控 乡村振兴 安全生产 住房保障"
).split()


def make(folder: Path, raw: Path, count: int) -> None:
    """Write a release of that many reports, and a few archived pages."""
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '6GB'")
    connection.execute(f"SET temp_directory = '{folder}/spill'")
    connection.execute("CREATE TABLE words AS SELECT unnest(?) AS word", [WORDS])
    connection.execute("CREATE TABLE listed AS SELECT list(word) AS w FROM words")
    connection.execute(
        "CREATE TABLE cells (form VARCHAR, indicator VARCHAR, breakdown VARCHAR, label VARCHAR, place INTEGER)"
    )
    for form in forms():
        chosen = list(form.cells)[:40]
        wanted = {
            (row.indicator, row.breakdown) for row in crosswalk() if row.form == form.name and row.concept in SHOWN
        }
        chosen = sorted(set(chosen[: 40 - len(wanted)]) | wanted)
        for place, (indicator, breakdown) in enumerate(chosen, 1):
            label = form.find(indicator).label
            connection.execute(
                "INSERT INTO cells VALUES (?, ?, ?, ?, ?)", [form.name, indicator, breakdown, label, place]
            )
    connection.execute(
        f"""
        CREATE TABLE b AS SELECT 'b' || substr(md5('body' || i), 1, 16) AS body_id, i,
        CASE WHEN i % 20 = 0 THEN NULL ELSE CAST(110000 + (i % 31) * 10000 + (i // 31 % 12) * 100 + (i // 372 % 9)
        AS VARCHAR) END AS division_code,
        (['province','prefecture','county','township'])[i % 4 + 1] AS division_level,
        (['government','office','department','township'])[i % 4 + 1] AS body_type,
        '测试' || i || (['市','县','区','镇'])[i % 4 + 1] || (['人民政府','教育局','卫生健康局','财政局'])[i // 4 % 4 + 1] AS name
        FROM range({BODIES}) t(i)
        """
    )
    connection.execute(
        f"""
        CREATE TABLE r AS SELECT 'r' || substr(md5('report' || i), 1, 16) AS report_id, md5('d' || i) || md5('e' || i)
        AS document_id, i, body_id, name, division_code, division_level, body_type,
        2008 + (i // {BODIES}) % 18 AS report_year, i % 40 = 7 AS old,
        CASE WHEN 2008 + (i // {BODIES}) % 18 < 2014 THEN (['short_annex','long_annex'])[i % 2 + 1]
        WHEN 2008 + (i // {BODIES}) % 18 < 2019 THEN 'national_2014'
        WHEN 2008 + (i // {BODIES}) % 18 < 2021 THEN 'national_2019' ELSE 'national_2021' END AS form
        FROM (SELECT t.i AS i, b.* EXCLUDE (i) FROM range({count}) t(i) JOIN b ON b.i = t.i % {BODIES}) ORDER BY report_id
        """
    )
    _archive(connection, raw)
    connection.execute("CREATE TABLE numbered AS SELECT *, row_number() OVER (ORDER BY report_id) - 1 AS n FROM r")
    print("  tables of a row a report", flush=True)
    _write(connection, folder, "reports", ["true"], REPORTS)
    _write(connection, folder, "bodies", ["true"], BODY_ROWS)
    _write(connection, folder, "coverage", ["true"], COVERAGE)
    _write(connection, folder, "documents", ["true"], DOCUMENTS)
    _write(
        connection,
        folder,
        "report_documents",
        ["true"],
        "SELECT report_id, document_id, 'main' AS role FROM numbered WHERE {} ORDER BY 1",
    )
    steps = [f"n BETWEEN {start} AND {start + STEP - 1}" for start in range(0, count, STEP)]
    for table, sql in (("observations", OBSERVATIONS), ("sections", SECTIONS), ("checks", CHECKS), ("issues", ISSUES)):
        print(f"  {table}", flush=True)
        _write(connection, folder, table, steps, sql)
    _write(connection, folder, "revisions", ["n % 50 = 3"], REVISIONS)
    print("  panel", flush=True)
    _panel(connection, folder, steps)
    connection.close()


REPORTS = """
    SELECT report_id, document_id, 'site/' || i || '.html' AS source, name || report_year || '年政府信息公开工作年度报告' AS title,
    name AS publisher, name AS publisher_raw, body_id, division_code, '测试地区' || division_code AS division_name,
    division_level, body_type, (['own','area','unknown'])[i % 3 + 1] AS scope, report_year, form,
    make_date(report_year, 1, 1) AS period_start, make_date(report_year, 12, 31) AS period_end, 'stated' AS period_basis,
    make_date(report_year + 1, 1 + (i % 3)::INT, 1 + (i % 28)::INT) AS published_date, 1 AS revision, NOT old AS latest,
    40 AS observations, CASE WHEN i % 9 = 0 THEN 2 ELSE 0 END AS checks_failed, (i % 2)::INT AS issues, '0.1.0' AS parser_version
    FROM numbered WHERE {} ORDER BY report_id
"""
BODY_ROWS = """
    SELECT body_id, name, division_code, body_type, 2008 AS valid_from, 2025 AS valid_to FROM b WHERE {} ORDER BY body_id
"""
COVERAGE = """
    SELECT b.body_id, y.y AS report_year, CASE WHEN (b.i + y.y) % 11 = 0 THEN 'not_found' WHEN (b.i + y.y) % 13 = 0 THEN
    'not_looked_for' ELSE 'parsed' END AS state, 1 AS documents FROM b, range(2008, 2026) y(y) WHERE {} ORDER BY 1, 2
"""
DOCUMENTS = """
    SELECT document_id, 'site/' || i || '.html' AS source, 'report' AS kind, 'a table of an official form' AS reason,
    'text/html' AS media_type, 'utf-8' AS encoding, 'utf8' AS encoding_source, 24000 AS bytes FROM numbered WHERE {} ORDER BY 1
"""
OBSERVATIONS = """
    SELECT report_id, body_id, report_year, numbered.form, indicator, breakdown, (hash(report_id, place) % 300)::DOUBLE AS
    value, '件' AS unit, 'form' AS unit_source, (hash(report_id, place) % 300)::DOUBLE AS value_std, '件' AS unit_std,
    CASE WHEN hash(report_id, place) % 23 = 0 THEN 'blank' ELSE 'reported' END AS status,
    (hash(report_id, place) % 300)::VARCHAR AS raw, label, 'exact' AS match, 100.0 AS match_score, 100.0 AS match_margin,
    document_id, 'html:td#' || place || '[0:' || length((hash(report_id, place) % 300)::VARCHAR) || ']' AS locator
    FROM numbered JOIN cells USING (form) WHERE {} ORDER BY report_id, indicator, breakdown
"""
SECTIONS = """
    SELECT report_id, s::VARCHAR AS section, 1 AS level, s || '、' AS number, s || '、' || w[(hash(report_id, s) % len(w))::INT + 1]
    AS title, 'overview' AS topic, array_to_string([w[(hash(report_id, s, k) % len(w))::INT + 1] || k FOR k IN range(25)], '，')
    || '第' || i || '号' AS text, document_id, 'html:p#' || s || '[0:4]' AS locator
    FROM numbered, range(1, 9) t(s), listed WHERE {} ORDER BY report_id, s
"""
CHECKS = """
    SELECT report_id, form, (['requests_balance','closed_by_outcome','total_by_applicant','parts_within_total',
    'year_within_cumulative'])[k % 5 + 1] AS rule, 'line_' || k AS indicator, 'total' AS breakdown,
    CASE WHEN i % 9 = 0 AND k < 2 THEN 'fail' WHEN k = 9 THEN 'not_assessable' ELSE 'pass' END AS outcome,
    100.0 AS expected, 100.0 AS observed, 0.0 AS difference, 'error' AS severity, 'equality' AS kind,
    CASE WHEN i % 9 = 0 AND k < 2 THEN (['source_error','reading_doubt'])[k + 1] END AS verdict
    FROM numbered, range(25) t(k) WHERE {} ORDER BY report_id, form, rule, indicator, breakdown
"""
ISSUES = """
    SELECT report_id, document_id, (['missing_line','label_similar','unmatched_label'])[i % 3 + 1] AS code, 'info' AS severity,
    'an issue about line ' || i % 50 AS message, 'html:td#1[0:1]' AS locator FROM numbered WHERE i % 2 = 1 AND {}
    ORDER BY report_id
"""
REVISIONS = """
    SELECT report_id, 'r' || substr(md5('report' || (i - 1)), 1, 16) AS previous_report_id, 'title' AS indicator, '' AS
    breakdown, 'old' AS old, 'new' AS new FROM numbered WHERE {} ORDER BY 1
"""


def _archive(connection: duckdb.DuckDBPyConnection, raw: Path) -> None:
    """Pages for a few of the reports: their documents get the names of real bytes."""
    (raw / "site").mkdir(parents=True)
    rows = connection.execute(f"SELECT report_id, i FROM r ORDER BY report_id LIMIT {PAGES}").fetchall()
    for report_id, i in rows:
        lines = "".join(f"<tr><td>{n}</td></tr>" for n in range(1, 61))
        text = "".join(f"<p>第{n}段 {'，'.join(WORDS)}</p>" for n in range(100))
        content = f"<!DOCTYPE html><meta charset=utf-8><h1>{report_id}</h1>{text}<table>{lines}</table>".encode()
        (raw / "site" / f"{i}.html").write_bytes(content)
        connection.execute(
            "UPDATE r SET document_id = ? WHERE report_id = ?", [hashlib.sha256(content).hexdigest(), report_id]
        )


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, table: str, conditions: list[str], sql: str) -> None:
    """Write a table as it would be published: all columns, in order, in row groups of the same size."""
    wanted = schema.arrow_schema(table)
    with pq.ParquetWriter(folder / f"{table}.parquet", wanted, compression="zstd", store_schema=False) as writer:
        for condition in conditions:
            found = connection.sql(sql.format(condition)).to_arrow_table()
            columns = [
                found[field.name].cast(field.type)
                if field.name in found.column_names
                else pa.nulls(len(found), field.type)
                for field in wanted
            ]
            writer.write_table(pa.table(columns, schema=wanted), row_group_size=65_536)


def _panel(connection: duckdb.DuckDBPyConnection, folder: Path, steps: list[str]) -> None:
    filled = {
        schema.wide_name(row.indicator, row.breakdown) for row in crosswalk() if row.concept in SHOWN and row.indicator
    }
    values = ", ".join(f'(hash(report_id, {n}) % 300)::DOUBLE AS "{name}"' for n, name in enumerate(sorted(filled)))
    sql = (
        "SELECT body_id, report_year, (['own','area','unknown'])[i % 3 + 1] AS scope, report_id, division_code, "
        f"division_level, body_type, form, {values} FROM numbered WHERE {{}} ORDER BY 1, 2, 3"
    )
    _write(connection, folder, "panel", steps, sql)


def views(folder: Path, seed: int) -> dict[str, Callable[[int], str]]:
    """The views by name; each gives an address for a round."""
    dice = random.Random(seed)
    reports = pq.ParquetFile(folder / "reports.parquet")
    columns = ["report_id", "body_id", "document_id", "division_code"]
    first = reports.read_row_group(0, columns=columns).slice(0, PAGES).to_pylist()
    group = dice.randrange(reports.num_row_groups)
    some = reports.read_row_group(group, columns=columns).to_pylist()
    some = [row for row in some if row["division_code"]]

    def word(n: int) -> str:
        return quote(WORDS[n % len(WORDS)])

    return {
        "overview": lambda n: f"/{('en', 'zh')[n % 2]}/" + (f"?place={11 + n % 31}" if n > 1 else ""),
        "reports": lambda n: "/en/reports",
        "reports, filtered": lambda n: f"/en/reports?year={2008 + n % 18}&level=county&failed=yes&place={11 + n}",
        "reports, sorted": lambda n: (
            f"/en/reports?sort={('title', '-failed', 'publisher', '-published')[n % 4]}&year={2008 + n}"
        ),
        "reports, words in titles": lambda n: f"/en/reports?q={quote('测试' + str(100 + n))}",
        "reports, words in texts": lambda n: f"/en/reports?within=text&q={word(n)}{n}",
        "reports, rare words in texts": lambda n: (
            f"/en/reports?within=text&q={quote('第' + str(4321 + 977 * n) + '号')}"
        ),
        "a report": lambda n: f"/en/reports/{dice.choice(some)['report_id']}",
        "a report and its page": lambda n: (
            f"/en/documents/{first[n % PAGES]['document_id']}/view?report={first[n % PAGES]['report_id']}"
        ),
        "a body": lambda n: f"/en/bodies/{dice.choice(some)['body_id']}",
        "bodies": lambda n: f"/en/bodies?q={quote('测试' + str(20 + n))}",
        "coverage behind a cell": lambda n: f"/en/coverage?place={11 + n % 31}&year={2008 + n % 18}",
        "checks by rule": lambda n: "/en/checks",
        "checks of a rule": lambda n: (
            f"/en/checks?rule={('requests_balance', 'closed_by_outcome')[n % 2]}&verdict={('source_error', 'reading_doubt', '')[n % 3]}"
        ),
        "issues by code": lambda n: "/en/issues",
        "issues of a code": lambda n: f"/en/issues?code={('missing_line', 'label_similar', 'unmatched_label')[n % 3]}",
        "codebook": lambda n: f"/en/codebook?q={quote('申请')}",
        "API: reports": lambda n: f"/api/v1/reports?size=500&year={2008 + n % 18}",
        "API: observations": lambda n: f"/api/v1/reports/{dice.choice(some)['report_id']}/observations",
        "download, 50,000 reports": lambda n: f"/api/v1/downloads/reports/csv?year={2008 + n % 16}",
        "download, their observations": lambda n: (
            f"/api/v1/downloads/observations/parquet?year={2008 + n % 16}&place={11 + n}"
        ),
    }


@dataclass(frozen=True, slots=True)
class Took:
    """What an answer took: seconds from the request to the last byte, and of them the server's processors."""

    seconds: float
    busy: float


def ask(address: str, server: int) -> tuple[Took, bytes]:
    """An answer, of which the end is kept, and what it took. URLError when it is no success."""
    start, worked = time.perf_counter(), busy(server)
    last = b""
    with urllib.request.urlopen(address, timeout=180) as answer:
        while piece := answer.read(1 << 20):
            last = (last + piece)[-(1 << 20) :]
    return Took(time.perf_counter() - start, busy(server) - worked), last


def busy(process: int) -> float:
    """The seconds that a process has kept processors busy."""
    said = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


def pages_on(base: str, server: int, count: int) -> Iterator[Took]:
    """Following the pages of the list of all reports by their marks, one after the other."""
    mark = ""
    for _ in range(count):
        took, text = ask(f"{base}/api/v1/reports?size=500&after={mark}", server)
        mark = json.loads(text)["after"]
        yield took


def peak(process: int) -> float:
    """The most memory that a process had, in MB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--keep", default="", help="make the release here and leave it, or use the one that is there")
    parser.add_argument("--most-memory", type=float, default=1024.0, metavar="MB")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(said.keep or scratch)
        folder, raw = home / "clean", home / "raw"
        if not (folder / "panel.parquet").exists():
            folder.mkdir(parents=True, exist_ok=True)
            start = time.perf_counter()
            print(f"making {said.reports:,} reports", flush=True)
            make(folder, raw, said.reports)
            size = sum(path.stat().st_size for path in folder.glob("*.parquet")) / 1e9
            print(f"made in {time.perf_counter() - start:.0f} s, {size:.2f} GB", flush=True)
        index(folder)
        return measure(folder, raw, said.rounds, said.most_memory)


def index(folder: Path) -> None:
    """Make the index of the release in a process of its own, and say what it took."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pipeline.cli", "index", "--data", str(folder)], cwd=ROOT, check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    size = sum(path.stat().st_size for path in (folder.parent / ".clean.gongkai").rglob("*") if path.is_file())
    print(
        f"indexed in {time.perf_counter() - start:.0f} s ({used.ru_utime + used.ru_stime:.0f} s of processors), "
        f"{size / 1e9:.2f} GB, peak {used.ru_maxrss / 1024:.0f} MB",
        flush=True,
    )


def measure(folder: Path, raw: Path, rounds: int, most: float) -> int:
    command = [sys.executable, "-m", "pipeline.cli", "serve", "--data", str(folder), "--raw", str(raw), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            base = next(word for word in line.split() if word.startswith("http://")).rstrip("/")
            asked = views(folder, 1)
            took: dict[str, list[Took]] = {name: [] for name in asked}
            for n in range(rounds):
                for name, address in asked.items():
                    took[name].append(ask(base + address(n), server.pid)[0])
            deep = list(pages_on(base, server.pid, 200))
            memory = peak(server.pid)
        finally:
            server.terminate()
    print(f"\n{'view':32} {'median ms':>10} {'first ms':>10} {'worst ms':>10} {'processor ms':>13}")
    for name, times in took.items():
        seconds = [one.seconds * 1e3 for one in times]
        worked = statistics.median(one.busy for one in times) * 1e3
        print(f"{name:32} {statistics.median(seconds):10.0f} {seconds[0]:10.0f} {max(seconds):10.0f} {worked:13.0f}")
    early, late = (statistics.median(one.seconds for one in part) * 1e3 for part in (deep[:50], deep[150:]))
    print(f"\npages of 500 by their marks: first 50 {early:.0f} ms, 150th to 200th {late:.0f} ms (median)")
    print(f"peak memory of the server: {memory:.0f} MB (allowed {most:.0f})")
    return 0 if memory <= most else 1


if __name__ == "__main__":
    sys.exit(main())
