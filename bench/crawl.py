"""Pages per minute of the crawl, beside Scrapy with its HTTP cache, on the same sites in the same run; and its memory.

Both fetch the same lists and reports from a server on the loopback network, at zero delay and one request at a time
per host, in turns. Ours has robots.txt, conditional headers, the frontier and WARC on; Scrapy has robots.txt and its
HTTP cache. Afterwards the frontier is filled with 50,000 addresses and memory is watched while they are fetched.

    python bench/crawl.py [--pages 600] [--rounds 3] [--addresses 50000] [--memory-seconds 120]

Exit code 1 when ours is slower (both at its best and round by round), or memory grows.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
HOSTS = 8
LARGEST_GROWTH = 48.0
"""Megabytes that memory may grow from the first tenth of the addresses to the last."""

SPIDER = """
import json, re, sys
import scrapy

class Reports(scrapy.Spider):
    name = "reports"
    pages = 0

    def __init__(self, starts, **more):
        super().__init__(**more)
        self.start_urls = starts.split()

    def parse(self, response):
        for link in response.css("li a::attr(href)").getall():
            yield response.follow(link, self.report)

    def report(self, response):
        self.pages += 1
        yield {"url": response.url, "title": response.css("title::text").get()}
"""


def report(number: int) -> bytes:
    """A page of the size and shape of a report on a real site, of our own making."""
    cells = "".join(
        "<tr>" + "".join(f'<td style="border:1px solid"><p><span>{(row * 7 + column) * number % 97}</span></p></td>'
                         for column in range(10)) + "</tr>"
        for row in range(28)
    )  # fmt: skip
    text = "".join(
        f"<p style='text-indent:2em'>本机关{number}年度主动公开政府信息{line * 3}条，依申请公开{line}件。</p>"
        for line in range(120)
    )
    title = f"某县第{number}局2023年政府信息公开工作年度报告"
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title></head><body><div id=zoom>"
        f"<h1>{title}</h1>"
        f"{text}<table>{cells}</table></div></body></html>"
    ).encode()


def serve(pages: int, ready: Connection) -> None:
    """A server that answers from memory: /nb/index.html lists `pages` reports; /many/N is a small page for any N."""
    listed = "".join(
        f'<li><a href="/nb/202401/t20240101_{n}.html">某县第{n}局2023年政府信息公开工作年度报告</a></li>'
        for n in range(pages)
    )
    bodies = {"/nb/index.html": f"<html><head><title>年报</title></head><body><ul>{listed}</ul></body></html>".encode()}
    for n in range(pages):
        bodies[f"/nb/202401/t20240101_{n}.html"] = report(n)
    small = b"<html><head><title>x</title></head><body><div id=zoom>%s</div></body></html>" % (b"text " * 100)

    def answer(head: bytes) -> bytes:
        target = head.split(b" ", 2)[1].decode()
        if target == "/robots.txt":
            return _reply(200, b"User-agent: *\nDisallow: /private/\n", b"text/plain")
        body = bodies.get(target) or (small if target.startswith("/many/") else None)
        if body is None:
            return _reply(404, b"no", b"text/plain")
        mark = b'"%x"' % (hash(body) & 0xFFFFFFFF)
        if b"If-None-Match: " + mark in head:
            return _reply(304, b"", b"text/html")
        return _reply(200, body, b"text/html; charset=utf-8", b"ETag: " + mark + b"\r\n")

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(answer(await reader.readuntil(b"\r\n\r\n")))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(connection, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        more = [await asyncio.start_server(connection, f"127.0.0.{n}", port) for n in range(2, HOSTS + 1)]
        ready.send(port)
        await asyncio.gather(*(one.serve_forever() for one in [server, *more]))

    asyncio.run(main())


def _reply(status: int, body: bytes, media: bytes, more: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n" % (status, media, len(body), more)
    return head if status == 304 else head + body


def starts(port: int) -> list[str]:
    return [f"http://127.0.0.{n}:{port}/nb/index.html" for n in range(1, HOSTS + 1)]


def ours(port: int, folder: Path, again: bool = False) -> dict[str, float]:
    """One crawl in a process of its own: pages and seconds of the crawl itself."""
    return _run([sys.executable, __file__, "--ours", str(folder), "--port", str(port), *(["--again"] if again else [])])


def theirs(port: int, folder: Path) -> dict[str, float]:
    return _run([sys.executable, __file__, "--theirs", str(folder), "--port", str(port)])


def _run(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, timeout=900)
    if done.returncode:
        raise SystemExit(done.stderr.decode("utf-8", "replace")[-3000:])
    found: dict[str, float] = json.loads(done.stdout.decode().strip().splitlines()[-1])
    return found


def crawl_ours(port: int, folder: Path, again: bool, addresses: int = 0, seconds: float = 0.0) -> None:
    from pipeline.crawl import crawling
    from pipeline.crawl.frontier import Frontier
    from pipeline.crawl.pages import Wanted
    from pipeline.crawl.sites import Site, Sources

    hosts = tuple(f"127.0.0.{n}" for n in range(1, HOSTS + 1))
    sites = tuple(Site(f"site{n}", (address,), hosts=hosts, delay=0.0) for n, address in enumerate(starts(port), 1))
    options = crawling.Options(
        archive=folder / "raw", work=folder / "crawl", contact="bench@example.org", exempt=("127.0.0.0/8",),
        again=again, most_seconds=seconds,
    )  # fmt: skip
    watched: list[tuple[int, float]] = []
    if addresses:
        with Frontier(options.work) as frontier:
            frontier.begin()
            for n in range(addresses):
                host = n % HOSTS
                wanted = Wanted(f"http://{hosts[host]}:{port}/many/{n}.html", f"site{host + 1}", "report")
                frontier.want([wanted], time.time())
            frontier.commit()

    async def run() -> crawling.Result:
        task = asyncio.ensure_future(crawling.crawl(Sources(sites, "", HOSTS), options))
        while addresses and not task.done():
            await asyncio.sleep(0.5)
            watched.append((len(watched), _memory()))
        return await task

    started = time.perf_counter()
    result = asyncio.run(run())
    spent = time.perf_counter() - started
    pages = sum(result.counts.states.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tenth = max(len(watched) // 10, 1)
    early = statistics.median(m for _, m in watched[tenth : 2 * tenth]) if len(watched) > 10 else 0.0
    late = statistics.median(m for _, m in watched[-tenth:]) if len(watched) > 10 else 0.0
    print(json.dumps({"pages": pages, "seconds": spent, "cpu": _cpu(), "peak": peak, "early": early, "late": late}))


def _cpu() -> float:
    """Seconds of processor time that the process has used, its start included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _memory() -> float:
    """Megabytes that the process holds now."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1024**2


def crawl_theirs(port: int, folder: Path) -> None:
    from scrapy.crawler import CrawlerProcess

    space: dict[str, object] = {}
    exec(compile(SPIDER, "spider", "exec"), space)
    process = CrawlerProcess(
        {
            "HTTPCACHE_ENABLED": True, "HTTPCACHE_DIR": str(folder / "cache"), "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": HOSTS, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False, "JOBDIR": str(folder / "job"),
        },
        install_root_handler=False,
    )  # fmt: skip
    crawler = process.create_crawler(space["Reports"])
    process.crawl(crawler, starts=" ".join(starts(port)))
    started = time.perf_counter()
    process.start()
    spent = time.perf_counter() - started
    pages = crawler.stats.get_value("downloader/response_count")
    print(json.dumps({"pages": pages, "seconds": spent, "cpu": _cpu()}))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--pages", type=int, default=600, help="reports on each of the hosts")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--addresses", type=int, default=50_000)
    parser.add_argument(
        "--memory-seconds", type=float, default=0.0, help="stop the memory run after so long (0: never)"
    )
    for name in ("--ours", "--theirs", "--many"):
        parser.add_argument(name, default="", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--again", action="store_true", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.ours:
        crawl_ours(said.port, Path(said.ours), said.again)
        return 0
    if said.many:
        crawl_ours(said.port, Path(said.many), False, said.addresses, said.memory_seconds)
        return 0
    if said.theirs:
        crawl_theirs(said.port, Path(said.theirs))
        return 0
    return compare(said)


def compare(said: argparse.Namespace) -> int:
    near, far = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(said.pages, far), daemon=True)
    server.start()
    folder = Path(tempfile.mkdtemp(prefix="gongkai-bench-"))
    try:
        port = near.recv()
        runs: dict[str, list[dict[str, float]]] = {"ours": [], "ours, again": [], "Scrapy": []}
        for number in range(said.rounds):
            runs["ours"].append(ours(port, folder / f"ours{number}"))
            runs["Scrapy"].append(theirs(port, folder / f"scrapy{number}"))
            runs["ours, again"].append(ours(port, folder / f"ours{number}", again=True))
        rates = {name: [60 * run["pages"] / run["seconds"] for run in found] for name, found in runs.items()}
        for name, values in rates.items():
            used = min(1000 * run["cpu"] / run["pages"] for run in runs[name])
            print(
                f"{name:12} {max(values):7.0f} pages a minute at best, {statistics.median(values):7.0f} in the middle,"
                f" {used:5.2f} ms of processor a page"
            )
        # A machine that others use slows now one and now the other: slower is what is so by both measures.
        ratios = [mine / other for mine, other in zip(rates["ours"], rates["Scrapy"], strict=True)]
        print(f"ours to Scrapy, round by round: {statistics.median(ratios):.2f}")
        slower = max(rates["ours"]) < max(rates["Scrapy"]) and statistics.median(ratios) < 1
        if not said.addresses:
            return int(slower)
        command = [sys.executable, __file__, "--many", str(folder / "many"), "--port", str(port)]
        command += ["--addresses", str(said.addresses), "--memory-seconds", str(said.memory_seconds)]
        found = _run(command)
        grown = found["late"] - found["early"]
        print(
            f"{said.addresses} addresses: {found['pages']:.0f} pages in {found['seconds']:.0f} s,"
            f" memory {found['early']:.0f} MB early, {found['late']:.0f} MB late, {found['peak']:.0f} MB at most"
        )
        return int(slower or grown > LARGEST_GROWTH)
    finally:
        server.terminate()
        server.join()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main())
