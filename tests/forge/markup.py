"""Grids and prose as HTML, in the ways in which editors of these sites write it."""

from __future__ import annotations

import html as entities
import random
import re
from collections.abc import Sequence

from .layout import Box, Grid

STYLES = ("plain", "centred", "word", "wps", "upper", "spans", "bare")
FONT = "font-family:仿宋_GB2312;mso-hansi-font-family:宋体"


def escape(text: str) -> str:
    return entities.escape(text, quote=False).replace("\u3000", "　")


def span_attributes(box: Box) -> str:
    found = f' rowspan="{box.rows}"' if box.rows > 1 else ""
    return found + (f' colspan="{box.columns}"' if box.columns > 1 else "")


def runs(text: str) -> list[str]:
    """A Word paragraph's runs: Latin and digits apart from Chinese."""
    return re.findall(r"[0-9A-Za-z.,+%/@\-]+|[^0-9A-Za-z.,+%/@\-]+", text)


def word_runs(text: str, size: str = "10.5pt") -> str:
    parts = []
    for run in runs(text):
        if run[0].isascii() and run[0].isalnum():
            parts.append(f"<span lang=EN-US style='font-size:{size};mso-bidi-font-size:12.0pt'>{escape(run)}</span>")
        else:
            parts.append(f"<span style='font-size:{size};{FONT}'>{escape(run)}</span>")
    return "".join(parts)


def cell(box: Box, style: str, blank: str = "") -> str:
    """A table cell. `blank` is what an empty value cell holds: nothing, `&nbsp;`, a space, ...."""
    tag = "th" if box.role == "header" and style == "plain" else "td"
    lines = box.text.split("\n") if box.text else []
    spans = span_attributes(box)
    if not lines:
        inner = blank
        if style == "word":
            return f"<td{spans} valign=center style='border-top:none;padding:0cm 5.4pt 0cm 5.4pt'><p class=MsoNormal align=center style='text-align:center'><span lang=EN-US style='font-size:10.5pt'><o:p>{inner or '&nbsp;'}</o:p></span></p></td>"
        if style in ("wps", "spans", "centred"):
            return f'<td{spans}><p style="text-align:center">{inner or "&nbsp;"}</p></td>'
        return f"<{tag}{spans}>{inner}</{tag}>"
    if style == "plain":
        return f"<{tag}{spans}>{'<br/>'.join(map(escape, lines))}</{tag}>"
    if style == "bare":
        return f"<td{spans}>\n  {'<br>'.join(map(escape, lines))}\n</td>"
    if style == "centred":
        inner = "".join(f'<p align="center">{escape(t)}</p>' for t in lines)
        return f'<td{spans} align="center" valign="middle">{inner}</td>'
    if style == "upper":
        inner = "<BR>".join(escape(t) for t in lines)
        return f"<TD{spans.upper()} vAlign=center height=26><DIV align=center><FONT face=仿宋_GB2312 size=3>{inner}</FONT></DIV></TD>"
    if style == "spans":
        inner = "".join(f"<p><span><span>{escape(t)}</span></span><span></span></p>" for t in lines)
        return f'<td{spans} valign="center">{inner}</td>'
    if style == "wps":
        inner = "".join(
            f'<p class="MsoNormal" align="center" style="text-align:center;"><span style="mso-spacerun:\'yes\';font-family:宋体;font-size:10.5000pt;">'
            f'<font face="宋体">{escape(t)}</font></span></p>' for t in lines
        )  # fmt: skip
        return f'<td width="86"{spans} valign="center" style="padding:0.0000pt 5.4pt;border:1.0000pt solid windowtext;">{inner}</td>'
    inner = "".join(
        f"<p class=MsoNormal align=center style='text-align:center;mso-pagination:widow-orphan'>{word_runs(t)}<span lang=EN-US><o:p></o:p></span></p>"
        for t in lines
    )
    return f"<td width=68{spans} style='width:51.0pt;border:solid windowtext 1.0pt;border-left:none;mso-border-left-alt:solid windowtext .5pt;padding:0cm 5.4pt 0cm 5.4pt'>{inner}</td>"


OPENERS = {
    "plain": '<table class="tb" border="1">',
    "bare": "<table>",
    "centred": '<table width="100%" border="1" cellspacing="0" cellpadding="2" align="center">',
    "word": "<table class=MsoNormalTable border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;mso-border-alt:solid windowtext .5pt;mso-yfti-tbllook:1184'>",
    "wps": '<table class="MsoNormalTable" border="1" cellspacing="0" style="border-collapse:collapse;border:none;">',
    "spans": '<table border="1" cellspacing="0" class="ke-zeroborder">',
    "upper": "<TABLE cellSpacing=0 cellPadding=0 width=600 align=center border=1>",
}


def table(grid: Grid, style: str = "plain", *, blanks: Sequence[str] = ("",), rng: random.Random | None = None,
          head_rows: int = 0, sizing_row: bool = False) -> str:  # fmt: skip
    """A grid as a table. `head_rows` go into thead; `sizing_row` adds Word's row of empty cells."""
    rng = rng or random.Random(0)
    rows = []
    for row in grid:
        cells = "".join(cell(b, style, rng.choice(list(blanks)) if b.role == "value" else "") for b in row)
        rows.append(f"<TR>{cells}</TR>" if style == "upper" else f"<tr>{cells}</tr>")
    if sizing_row:
        width = sum(b.columns for b in grid[0])
        empty = "".join(f"<td width={40 + 7 * i} style='border:none'></td>" for i in range(width))
        rows.append(f"<![if !supportMisalignedColumns]><tr height=0>{empty}</tr><![endif]>")
    if head_rows:
        inner = f"<thead>{''.join(rows[:head_rows])}</thead><tbody>{''.join(rows[head_rows:])}</tbody>"
    else:
        inner = "<tbody>" + "\n".join(rows) + "</tbody>"
    closing = "</TABLE>" if style == "upper" else "</table>"
    return OPENERS[style] + inner + closing


def paragraph(text: str, style: str = "plain", level: int = 0) -> str:
    """A block of prose; `level` above 0 is a heading."""
    if style == "word":
        inner = word_runs(text, "16.0pt")
        bold = f"<b style='mso-bidi-font-weight:normal'>{inner}</b>" if level == 1 else inner
        return f"<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.0pt'>{bold}<span lang=EN-US><o:p></o:p></span></p>"
    if style == "wps":
        face = "黑体" if level == 1 else "楷体_GB2312" if level == 2 else "仿宋_GB2312"
        inner = "".join(
            f'<font face="{face}">{escape(r)}</font>' if not r[0].isascii() else escape(r) for r in runs(text)
        )
        return f'<p class="MsoNormal" style="text-indent:32.0000pt;line-height:28.0000pt;"><span style="mso-spacerun:\'yes\';font-family:{face};font-size:16.0000pt;">{inner}</span></p>'
    if style == "upper":
        return f"<P>　　{'<STRONG>' if level == 1 else ''}<FONT size=3>{escape(text)}</FONT>{'</STRONG>' if level == 1 else ''}</P>"
    if style == "spans":
        inner = f"<strong>{escape(text)}</strong>" if level else escape(text)
        return f"<p><span><span>　　</span><span>{inner}</span></span></p>"
    if style == "centred":
        inner = f"<strong>{escape(text)}</strong>" if level in (1, 2) else escape(text)
        return f'<p style="text-indent: 2em;">{inner}</p>'
    if style == "bare":
        return f"　　{escape(text)}<br>\n"
    tag = f"h{level + 1}" if level in (1, 2) else "p"
    return f"<{tag}>{escape(text)}</{tag}>"


def flattened(grid: Grid) -> list[str]:
    """One cell a line: what is left of a table when its page is copied as text. A blank is an empty line."""
    return [box.text for row in grid for box in row]
