"""`sources.toml`: what ships is right, and what is wrong is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.crawl.sites import SourcesError, examine, load

ROOT = Path(__file__).resolve().parents[2]


def test_what_ships_is_right_and_names_a_dozen_sites() -> None:
    found = load(ROOT / "sources.toml")
    assert len(found.sites) >= 12
    names = {site.name for site in found.sites}
    assert {"平潭综合实验区", "沭阳县发展和改革局", "宁陕县人民政府"} <= names
    assert {site.delay for site in found.sites} == {2.0}


GOOD = '[[sites]]\nname = "甲县"\nlist = "https://www.jia.gov.cn/nb/"\n'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no [[sites]]"),
        (f'{GOOD}familie = "trs"\n', 4, "not known"),
        (f'{GOOD}family = "trss"\n', 4, "none of"),
        (f'{GOOD}division = "35A"\n', 4, "division code"),
        (f'{GOOD}delay = "2"\n', 4, "wrong kind"),
        (f"{GOOD}delay = -1\n", 4, "0 to 600"),
        (f'{GOOD}tolerate = ["tls"]\n', 4, "none of"),
        (f"{GOOD}\n{GOOD}", 6, "stands at line 2"),
        ('[[sites]]\nname = "甲县"\n', 1, "`list` is missing"),
        ('[[sites]]\nname = "甲县"\nlist = "www.jia.gov.cn"\n', 3, "no http address"),
        ('[[sites]]\nname = "甲县"\nlist = "https://www.jia.com/"\n', 3, "neither of gov.cn nor listed"),
        (f"{GOOD}\n[[sites]\n", 5, "Expected"),
        ("[crawl]\nhosts = 3\n" + GOOD, 2, "not known"),
        (f'{GOOD}hosts = ["WWW.Jia.com"]\n', 4, "lower case"),
        ('[[sites]]\nname = 3\nlist = "https://a.gov.cn/"\n', 2, "wrong kind"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    _, faults = examine(path)
    assert [fault.line for fault in faults][:1] == [line], faults
    assert words in faults[0].message
    with pytest.raises(SourcesError, match=f"line {line}"):
        load(path)
