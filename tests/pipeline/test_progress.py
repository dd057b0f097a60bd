from __future__ import annotations

import io

from pipeline.progress import Progress, printable


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal() -> None:
    stream = Terminal()
    with Progress(stream=stream) as progress:
        progress.begin(10)
        progress.advance(4)
        progress.advance(6)
        progress.finish()
        progress.say("done")
    assert "10/10" in stream.getvalue() or "reading" in stream.getvalue()
    assert stream.getvalue().endswith("done\n")


def test_lines_elsewhere_and_silence_when_quiet() -> None:
    plain, quiet = io.StringIO(), io.StringIO()
    for stream in (plain, quiet):
        with Progress(quiet=stream is quiet, stream=stream) as progress:
            progress.begin(2)
            progress.advance(2)
            progress.say("done")
            progress.error("failed: a")
    assert plain.getvalue() == "done\nfailed: a\n"
    assert quiet.getvalue() == "failed: a\n"


def test_names_cannot_steer_a_terminal() -> None:
    assert printable("报告\x1b[2J\n.html") == "报告\\x1b[2J\\n.html"
    assert printable("\u202e\ud800") == "\\u202e\\ud800"


def test_a_stream_that_knows_no_chinese() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    Progress(stream=stream).error("报告")
    assert raw.getvalue() == b"\\u62a5\\u544a\n"
