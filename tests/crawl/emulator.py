# ruff: noqa: E501 - pages are written as they are published
"""A local emulator of government sites over real sockets: one site a family, and faults on demand.

All hosts are served by one listener on the loopback network; the tests' resolver sends every name there. What
a site answers is made here and is nobody's page.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

YEARS = tuple(range(2008, 2026))
CJK = "县区市镇乡街道"


@dataclass
class Reply:
    """An answer. `fault` is one of reset, short, endless, slow, silent, malformed, or "" for none."""

    body: bytes = b""
    status: int = 200
    media: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    chunked: bool = False


Answers = Callable[[str, dict[str, list[str]], dict[str, str]], Reply | None]


def page(title: str, body: str, head: str = "") -> bytes:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body><div class="nav"><a href="/">首页</a> <a href="/zwgk/">政务公开</a></div>{body}'
        f'<div class="footer">主办：某县人民政府办公室</div></body></html>'
    ).encode()


def report(name: str, year: int, *, more: str = "", visits: int = 0, number: int | None = None) -> bytes:
    """A short report of our own, with its table."""
    total = year - 2000 if number is None else number
    rows = [
        ("主动公开政府信息数", "条", total),
        ("其中：1.政府网站公开政府信息数", "条", total),
        ("受理政府信息公开申请总数", "件", 0),
    ]
    lines = "".join(f"<tr><td>{label}</td><td>{unit}</td><td>{n}</td><td>{n}</td></tr>" for label, unit, n in rows)
    text = "本年度报告依照《中华人民共和国政府信息公开条例》的规定编制。" * 4
    return page(
        f"{name}{year}年政府信息公开工作年度报告",
        f'<div class="counter">访问 {visits} 次</div><div class="article-content"><h1>{name}{year}年政府信息公开工作年度报告</h1>'
        f"<p>{text}统计期限自{year}年1月1日起至{year}年12月31日止。</p><h2>一、概述</h2><p>本年度主动公开政府信息{total}条。{text}</p>"
        f"<h2>二、主动公开政府信息的情况</h2><p>通过网站公开。</p><h2>附表</h2><table><tr><td>指标</td><td>单位</td><td>{year}年度</td>"
        f"<td>历年累计</td></tr>{lines}</table>{more}</div>",
    )


@dataclass
class Site:
    """One site: its pages by path, or a function that answers. `reports` are the paths that must be found."""

    host: str
    start: str
    pages: dict[str, Reply] = field(default_factory=dict)
    answers: Answers | None = None
    reports: list[str] = field(default_factory=list)
    family: str = ""
    robots: Reply | None = None
    conditional: str = "etag"
    options: dict[str, str] = field(default_factory=dict)

    def add(self, path: str, body: bytes, **more: object) -> None:
        self.pages[path] = Reply(body, **more)  # type: ignore[arg-type]

    def add_report(self, path: str, name: str, year: int, more: str = "") -> None:
        self.add(path, report(name, year, more=more))
        self.reports.append(path)


class Emulator:
    """The listener. `log` has (host, path with query, status) of all answered requests, `bodies` the bytes sent."""

    def __init__(self) -> None:
        self.sites: dict[str, Site] = {}
        self.log: list[tuple[str, str, int]] = []
        self.at: list[tuple[str, float]] = []
        self.bodies = 0
        self.open: Counter[str] = Counter()
        self.most_open: Counter[str] = Counter()
        self.asked: list[dict[str, str]] = []
        self.pause = 0.0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Emulator:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def add(self, site: Site) -> Site:
        self.sites[site.host] = site
        return site

    def address(self, site: Site, path: str = "") -> str:
        return f"http://{site.host}:{self.port}{path or site.start}"

    def requests(self, host: str = "") -> list[str]:
        return [path for where, path, _ in self.log if not host or where == host]

    def clear(self) -> None:
        self.log.clear()
        self.at.clear()
        self.asked.clear()
        self.bodies = 0

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await server.wait_closed()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if not await self._answer(head, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(Exception):
                await writer.wait_closed()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> bool:
        lines = head.decode("latin-1").split("\r\n")
        target = lines[0].split(" ")[1]
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)
        }
        host = headers.get("host", "").partition(":")[0]
        site = self.sites.get(host)
        self.at.append((host, time.monotonic()))
        self.asked.append(headers)
        self.open[host] += 1
        self.most_open[host] = max(self.most_open[host], self.open[host])
        try:
            if self.pause:
                await asyncio.sleep(self.pause)
            reply = self._reply(site, target, headers) if site else Reply(status=502, body=b"no site")
            self.log.append((host, target, reply.status))
            return await self._send(reply, headers, writer)
        finally:
            self.open[host] -= 1

    def _reply(self, site: Site, target: str, headers: dict[str, str]) -> Reply:
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            return site.robots or Reply(b"", 404)
        reply = site.answers(parts.path, parse_qs(parts.query), headers) if site.answers else None
        if reply is None:
            reply = site.pages.get(target) or site.pages.get(parts.path) or Reply(b"no such page", 404, "text/plain")
        if reply.status == 200 and not reply.fault and site.conditional:
            mark = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
            if site.conditional == "weak":
                mark = f"W/{mark}"
            if site.conditional == "nodes":
                # Two nodes that give the same content other marks: a mark never fits twice.
                mark = f'"{len(self.log)}-{mark[1:]}'
            reply.headers.setdefault("ETag", mark) if site.conditional != "nodes" else reply.headers.update(ETag=mark)
            if headers.get("if-none-match") == reply.headers["ETag"]:
                return Reply(b"", 304, reply.media, {"ETag": reply.headers["ETag"]})
        return reply

    async def _send(self, reply: Reply, headers: dict[str, str], writer: asyncio.StreamWriter) -> bool:
        if reply.fault == "reset":
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            writer.transport.abort()
            return False
        if reply.fault == "silent":
            await asyncio.sleep(30)
            return False
        if reply.fault == "malformed":
            writer.write(b"HTTP/1.1 200 OK\r\nthis is no header\x01\r\n\r\nbody")
            await writer.drain()
            return False
        body, said = reply.body, dict(reply.headers)
        if "gzip" in headers.get("accept-encoding", "") and said.get("Content-Encoding") == "gzip":
            body = gzip.compress(body, mtime=0)
        length = len(body) + (1000 if reply.fault == "short" else 0)
        if reply.status != 304:
            said.setdefault("Content-Type", reply.media)
        if reply.fault == "endless" or reply.chunked:
            said["Transfer-Encoding"] = "chunked"
        elif reply.status not in (204, 304):
            said["Content-Length"] = str(length)
        lines = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {value}" for name, value in said.items())]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("utf-8"))
        if reply.fault == "endless":
            for _ in range(100_000):
                writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                await writer.drain()
            return False
        if reply.fault == "slow":
            for at in range(0, len(body), 8):
                writer.write(body[at : at + 8])
                await writer.drain()
                await asyncio.sleep(0.05)
        elif reply.chunked:
            for at in range(0, len(body), 1000):
                piece = body[at : at + 1000]
                writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            writer.write(b"0\r\n\r\n")
        elif reply.status not in (204, 304):
            writer.write(body)
        self.bodies += len(body)
        await writer.drain()
        return reply.fault != "short"


# --- one site a family


def _item(href: str, title: str, date: str) -> str:
    return f'<li><a href="{href}" title="{title}" target="_blank">{title}</a><span>{date}</span></li>'


def _title(name: str, year: int) -> str:
    return f"{name}{year}年政府信息公开工作年度报告"


def _per_page(paths: list[str], size: int) -> Iterator[list[str]]:
    for at in range(0, len(paths), size):
        yield paths[at : at + size]


DECOYS = (
    '<a href="/zwgk/zfxxgkzn/">政府信息公开指南</a><a href="/zwgk/20200101/1.html">2019年财政决算公开</a>'
    '<a href="javascript:;">政府信息公开年报</a><a href="mailto:a@b.gov.cn">联系我们</a>'
)


def trs() -> Site:
    site = Site("www.trsxian.gov.cn", "/zwgk/zfxxgknb/", family="trs")
    paths = []
    for year in reversed(YEARS):
        path = f"/zwgk/zfxxgknb/{year + 1}03/t{year + 1}0301_{year}.html"
        site.add_report(path, "特县", year, more='<p><a href="./P02024.doc">附表</a></p>' if year == 2016 else "")
        paths.append(path)
    site.add(
        "/zwgk/zfxxgknb/201703/P02024.doc",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an attachment",
        media="application/msword",
    )
    groups = list(_per_page(paths, 8))
    for number, group in enumerate(groups):
        items = "".join(
            _item(path.replace("/zwgk/zfxxgknb/", "./"), _title("特县", int(path[-9:-5])), f"{path[16:20]}-03-01")
            for path in group
        )
        script = f'<script>createPageHTML({len(groups)}, {number}, "index", "html");</script>'
        name = "" if not number else f"index_{number}.html"
        site.add(f"/zwgk/zfxxgknb/{name}", page("政府信息公开年报", f"{DECOYS}<ul>{items}</ul>{script}"))
    return site


def pingtan() -> Site:
    """Half of the list is static, the rest comes by the search endpoint."""
    site = Site("www.dongtai.gov.cn", "/zwgk/zfxxgk/zfxxgknb/nlist.htm", family="trs")
    folder = "/zwgk/zfxxgk/zfxxgknb"
    paths = []
    for year in reversed(YEARS):
        path = f"{folder}/{year + 1}02/t{year + 1}0210_{90000 + year}.htm"
        site.add_report(path, "岛实验区", year)
        paths.append((path, year))
    rows = "".join(
        f'<dl><dd><a href=".{path.removeprefix(folder)}" title="{_title("岛实验区", year)}">{_title("岛实验区", year)}</a></dd><dd>{year + 1}-02-10</dd></dl>'
        for path, year in paths[:10]
    )
    script = (
        '<script>var SiteInfo = {searchId: 200210, defaultPgTemp: "x.html"};require(["list2.trsapi"], function(listModel) {'
        'listModel({maxStaticIndex: 1, listArgs: {channelid: SiteInfo.searchId, classsql: "" || "chnlid=1813"},'
        f"pagebar: {{prepage: 10, recordCount: '{len(paths)}'}}}});}});</script>"
    )
    template = '<div style="display: none"><dl ms-repeat="list"><a ms-attr-href="el.chnldocurl"></a></dl></div>'
    head = '<meta name="ChnlId" content="1813">'
    site.add(site.start, page("政府信息公开年报", DECOYS + rows + template + script, head))

    def answers(path: str, query: dict[str, list[str]], _: dict[str, str]) -> Reply | None:
        if (
            path != "/was5/web/search"
            or query.get("classsql") != ["chnlid=1813"]
            or query.get("channelid") != ["200210"]
        ):
            return None
        size, number = int(query["prepage"][0]), int(query["page"][0])
        found = paths[(number - 1) * size : number * size]
        docs = [
            {
                "title": _title("岛实验区", y),
                "url": f"http://{site.host}:{{PORT}}{p}",
                "pubtime": f"{y + 1}-02-10 00:00",
            }
            for p, y in found
        ]
        text = json.dumps(
            {"count": str(len(paths)), "docs": [*docs, {"title": "文章标题", "url": "/"}]}, ensure_ascii=False
        )
        port = _["host"].partition(":")[2]
        return Reply(text.replace("{PORT}", port).encode(), media="text/html;charset=utf-8")

    site.answers = answers
    return site


def jpage() -> Site:
    site = Site("www.hanwebshi.gov.cn", "/col/col76705/index.html", family="jpage")
    paths = []
    for year in reversed(range(1990, 2026)):
        path = f"/art/{year + 1}/3/1/art_76705_{year}.html"
        site.add_report(path, "汉市", year)
        paths.append((path, year))

    def record(path: str, year: int) -> str:
        return f"<record><![CDATA[{_item(path, _title('汉市', year), f'{year + 1}-03-01')}]]></record>"

    first = "".join(record(*one) for one in paths[:15])
    script = (
        f"<script type=\"text/xml\"><datastore><recordset>{first}</recordset></datastore></script><script>$('#297999').jpage({{"
        f"perPage:15,totalRecord:{len(paths)},openCookies:false,proxyUrl:'/module/web/jpage/dataproxy.jsp',proxyParam:{{col:1,appid:1,"
        "webid:1,path:'/',columnid:76705,sourceContentType:1,unitid:'297999',webname:'汉市人民政府',permissiontype:0}});</script>"
    )
    site.add(site.start, page("政府信息公开年报", f'{DECOYS}<div id="297999"></div>{script}'))

    def answers(path: str, query: dict[str, list[str]], _: dict[str, str]) -> Reply | None:
        if path != "/module/web/jpage/dataproxy.jsp":
            return None
        if (
            query.get("unitid") != ["297999"]
            or query.get("columnid") != ["76705"]
            or query.get("webname") != ["汉市人民政府"]
        ):
            return Reply(b"bad parameters", 500)
        start, end = int(query["startrecord"][0]), int(query["endrecord"][0])
        found = "".join(record(*one) for one in paths[start - 1 : end])
        text = f"<?xml version='1.0' encoding='UTF-8'?><datastore><totalrecord>{len(paths)}</totalrecord><totalpage>3</totalpage><recordset>{found}</recordset></datastore>"
        return Reply(text.encode(), media="text/xml; charset=utf-8")

    site.answers = answers
    return site


def hanweb_annual() -> Site:
    site = Site("xxgk.lishi.gov.cn", "/module/xxgk/xxgkAnnualReport.jsp", family="hanweb_annual")
    codes = {"113325000026455663": "丽县教育局", "001008003014021": "丽县水利局"}
    options = "".join(f'<option value="{code}">{name}</option>' for code, name in codes.items())
    years = "".join(f'<option value="{year}">{year}年</option>' for year in YEARS[-6:])
    site.reports = [f"{site.start}?fbtime={year}&area={code}" for year in YEARS[-6:] for code in codes]

    def answers(path: str, query: dict[str, list[str]], _: dict[str, str]) -> Reply | None:
        if path != site.start:
            return None
        if "fbtime" in query:
            return Reply(report(codes[query["area"][0]], int(query["fbtime"][0])))
        return Reply(
            page(
                "信息公开年度报告",
                f"<form><select name=fbtime>{years}</select><select name=area>{options}</select></form>",
            )
        )

    site.answers = answers
    return site


def gkmlpt(zero_based: bool = False) -> Site:
    site = Site("www.guangqu.gov.cn" if zero_based else "www.dongqu.gov.cn", "/gkmlpt/index", family="gkmlpt")
    paths = []
    for number in range(130):
        path = f"/gkmlpt/content/1/{number}/post_{number}.html"
        year = YEARS[number % len(YEARS)]
        site.add_report(path, f"东区第{number}街道", year)
        paths.append((path, f"东区第{number}街道{year}年政府信息公开年度报告"))
    tree = [
        {"id": 1, "name": "机构职能", "children": []},
        {"id": 2, "name": "信息公开", "children": [{"id": 368, "name": "政府信息公开年报", "children": []}]},
    ]
    config = (
        f"<script>window._CONFIG = {{ SID: '769033', TREE: {json.dumps(tree, ensure_ascii=False)}, X: 1 }};</script>"
    )
    site.add(site.start, page("政府信息公开平台", f'<div id="app"></div>{config}'))

    def answers(path: str, query: dict[str, list[str]], headers: dict[str, str]) -> Reply | None:
        if path != "/gkmlpt/api/all/368":
            return None
        number = int(query["page"][0])
        number = number if zero_based else max(number - 1, 0)
        found = paths[number * 100 : number * 100 + 100]
        root = f"http://{headers['host']}"
        articles = [
            {"id": i, "title": t, "url": f"{root}{p}", "post_url": "", "publisher": "东区", "date": 1700000000}
            for i, (p, t) in enumerate(found)
        ]
        return Reply(json.dumps({"total": len(paths), "articles": articles}).encode(), media="application/json")

    site.answers = answers
    return site


def jpaas() -> Site:
    site = Site("www.jpaasting.gov.cn", "/gk/zfxxgknb/index.html", family="jpaas")
    paths = []
    for number in range(70):
        full = f"/art/2024/1/{number % 28 + 1}/art_52_{number}.html"
        site.add_report(full, f"烟局{number}", YEARS[number % len(YEARS)])
        paths.append((full, _title(f"烟局{number}", YEARS[number % len(YEARS)])))
    query_data = "{'parseType':'bulidstatic','webId':'52','tplSetId':'MsPk','pageType':'column','tagId':'列表新闻','editType':'null','pageId':'1638'}"
    unit = f'<div url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{query_data}"></div>'
    site.add(site.start, page("政府信息公开年报", DECOYS + unit))

    def answers(path: str, query: dict[str, list[str]], _: dict[str, str]) -> Reply | None:
        if not path.startswith("/api-gateway/jpaas-publish-server/front/page/build/unit"):
            return None
        if query.get("pageId") != ["1638"] or query.get("tagId") != ["列表新闻"]:
            return Reply(b'{"data":null}', media="application/json")
        asked = json.loads(query["paramJson"][0])
        found = paths[(asked["pageNo"] - 1) * asked["pageSize"] : asked["pageNo"] * asked["pageSize"]]
        items = "".join(_item(*one, "2024-01-02") for one in found)
        text = f'<ul>{items}</ul><div class="pagination" count="{len(paths)}" rows="50"></div>'
        return Reply(
            json.dumps({"code": 200, "data": {"html": text}}, ensure_ascii=False).encode(), media="application/json"
        )

    site.answers = answers
    return site


def longxun() -> Site:
    site = Site("www.xuanqu.gov.cn", "/OpennessContent/showList/1/2/page_1.html", family="longxun")
    paths = [(f"/OpennessContent/show/{9000 + year}.html", year) for year in reversed(YEARS)]
    for path, year in paths:
        site.add_report(path, "宣区", year)
    groups = list(_per_page([path for path, _ in paths], 7))
    for number, group in enumerate(groups, 1):
        items = "".join(
            _item(
                path,
                _title("宣区", int(path[-9:-5]) - 9000 if len(path) > 40 else int(path.rpartition("/")[2][:-5]) - 9000),
                "2024-01-02",
            )
            for path in group
        )
        pages = f'<div class="page">共 {len(groups)} 页 <a href="page_2.html">下一页</a></div>'
        site.add(
            f"/OpennessContent/showList/1/2/page_{number}.html",
            page("信息公开年报", f"{DECOYS}<ul>{items}</ul>{pages}"),
        )
    return site


def vsb() -> Site:
    site = Site("www.hongzhou.gov.cn", "/xxgk/zfxxgknb.htm", family="vsb")
    paths = [(f"/info/1017/{year}.htm", year) for year in reversed(YEARS)]
    for path, year in paths:
        site.add_report(
            path,
            "红州",
            year,
            more='<img src="/__local/A/B/scan.jpg" width=600><img src="/images/icons/pdf.gif">' if year == 2009 else "",
        )
    site.add("/__local/A/B/scan.jpg", b"\xff\xd8\xff a picture", media="image/jpeg")
    groups = list(_per_page([path for path, _ in paths], 5))
    last = len(groups) - 1
    for number, group in enumerate(groups):
        name = "/xxgk/zfxxgknb.htm" if not number else f"/xxgk/zfxxgknb/{last - number + 1}.htm"
        up = "../" if not number else "../../"
        items = "".join(
            _item(up + path[1:], _title("红州", int(path.rpartition("/")[2][:-4])), "2024-01-02") for path in group
        )
        links = f'<a href="zfxxgknb/{last}.htm">下页</a><a href="zfxxgknb/1.htm">尾页</a>' if not number else ""
        site.add(name, page("年报", f"{DECOYS}<ul>{items}</ul>{links}<!-- vsb -->"))
    return site


def ucap() -> Site:
    site = Site("www.shuxian.gov.cn", "/sxfgj/gknb/column-index-1.shtml", family="ucap")
    paths = []
    for year in reversed(YEARS):
        path = f"/sxfgj/gknb/{year + 1}01/{hashlib.md5(str(year).encode(), usedforsecurity=False).hexdigest()}.shtml"
        site.add_report(path, "沭县发展和改革局", year)
        paths.append((path, year))
    groups = [paths[at : at + 6] for at in range(0, len(paths), 6)]
    for number, group in enumerate(groups, 1):
        items = "".join(_item(path, _title("沭县发展和改革局", year), f"{year + 1}-01-17") for path, year in group)
        pages = "".join(f'<a href="column-index-{n}.shtml">{n}</a>' for n in range(1, len(groups) + 1))
        site.add(
            f"/sxfgj/gknb/column-index-{number}.shtml",
            page("公开年报", f'{DECOYS}<ul>{items}</ul>{pages}<script>var websiteCode = "s";</script>'),
        )
    return site


def fujian() -> Site:
    site = Site("www.yanqu.gov.cn", "/cms/html/npsypqrmzf/zfxxgknb/index.html", family="fujian")
    paths = [(f"/cms/html/npsypqrmzf/{year + 1}-01-10/{1292510000 + year}.html", year) for year in reversed(YEARS)]
    for path, year in paths:
        site.add_report(path, "赤乡", year)
    groups = [paths[at : at + 10] for at in range(0, len(paths), 10)]
    for number, group in enumerate(groups):
        items = "".join(
            f"<tr><td>{_item(path, _title('赤乡', year), '')}</td><td>[{year + 1}-01-10]</td></tr>"
            for path, year in group
        )
        name = "index.html" if not number else f"index_{number}.html"
        site.add(
            f"/cms/html/npsypqrmzf/zfxxgknb/{name}", page("年报", f"{DECOYS}<table>{items}</table>共 {len(groups)} 页")
        )
    return site


def plain() -> Site:
    """A start page that leads to the column, whose pager counts in the query."""
    site = Site("www.ningxian.gov.cn", "/", family="generic")
    paths = [(f"/Content-{1000 + year}.html", year) for year in reversed(YEARS)]
    for path, year in paths:
        site.add_report(path, "宁县", year)
    site.add(
        "/",
        page(
            "宁县人民政府",
            f'{DECOYS}<a href="/list.php?cat=7">政府信息公开年度报告</a><a href="/list.php?cat=8">公告</a>',
        ),
    )
    groups = [paths[at : at + 6] for at in range(0, len(paths), 6)]

    def answers(path: str, query: dict[str, list[str]], _: dict[str, str]) -> Reply | None:
        if path != "/list.php" or query.get("cat") != ["7"]:
            return None
        number = int(query.get("page", ["1"])[0])
        items = "".join(_item(path, _title("宁县", year), f"{year + 1}-03-02") for path, year in groups[number - 1])
        pages = (
            f'<a href="/list.php?cat=7&amp;page=2">下一页</a><a href="/list.php?cat=7&amp;page={len(groups)}">尾页</a>'
        )
        return Reply(page("年度报告", f"<ul>{items}</ul>{pages}"))

    site.answers = answers
    return site


def families() -> list[Site]:
    return [
        trs(),
        pingtan(),
        jpage(),
        hanweb_annual(),
        gkmlpt(),
        gkmlpt(zero_based=True),
        jpaas(),
        longxun(),
        vsb(),
        ucap(),
        fujian(),
        plain(),
    ]
