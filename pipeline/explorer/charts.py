"""Charts: specifications in Vega-Lite by Altair, drawn to SVG on the server, so that pages need no script for them.

Every mark is a link to the rows behind it and says in words what it shows.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert
from lxml import etree

from parsers.records import FORMS
from pipeline.explorer.summaries import STATES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.explorer.bodies import Series
    from pipeline.explorer.store import Row

HERE = "http://explorer.invalid"
"""Stands for this server in specifications, whose links must be whole; it is taken out of what was drawn."""

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
INK, SOFT, LINE = "#1c2530", "#55616d", "#d9dfe5"
COLOURS = ["#1d4f73", "#2f7fb3", "#3f9c8f", "#8a6d1f", "#b4562c", "#7a6bb0", "#6b7580"]
STATE_COLOURS = {
    "all_parsed": "#1d6b7f", "some_parsed": "#7fb9c4", "found_unparsed": "#e7c063", "blocked": "#d08a3c",
    "gone": "#b4562c", "not_found": "#c9a4a0", "not_looked_for": "#e3e7ea",
}  # fmt: skip

LABEL = 120
"""Characters of a text that are drawn."""

_UNDRAWABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DRAWING = threading.Lock()


def drawn(chart: Any, focusable: bool = True) -> str:
    """A chart as SVG markup. With `focusable` false its links are left out of the order of the Tab key: for charts of
    many marks, whose table has the same links."""
    specification = chart.configure(
        font=FONT,
        background="transparent",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=SOFT, titleColor=SOFT, gridColor=LINE, domainColor="#8b98a5", tickColor="#8b98a5",
            labelFontSize=11, titleFontSize=12, titleFontWeight="normal", labelLimit=150,
        ),
        legend=alt.LegendConfig(labelColor=INK, titleColor=SOFT, labelFontSize=12, titleFontSize=12, labelLimit=260),
    ).to_dict(validate=False)  # fmt: skip
    with _DRAWING:
        markup = vl_convert.vegalite_to_svg(specification)
    root = etree.fromstring(markup.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    for link in root.iter(f"{SVG}a"):
        target = str(link.get(XLINK) or link.get("href") or "")
        for name in (XLINK, "href", "target"):
            _without(link, name)
        link.set("href", target.removeprefix(HERE) if target.startswith(f"{HERE}/") else "#")
        if not focusable:
            link.set("tabindex", "-1")
        named = next((one for one in link.iter() if one.get("aria-label")), None)
        if named is not None:
            said = str(named.get("aria-label"))
            _without(named, "aria-label")
            link.set("aria-label", said)
            title = etree.Element(f"{SVG}title")
            title.text = said
            link.insert(0, title)
    for one in root.iter():
        for name in ("role", "aria-roledescription", "style"):
            _without(one, name)
        if "aria-label" in one.attrib and one.tag != f"{SVG}a":
            del one.attrib["aria-label"]
    root.set("aria-hidden" if not focusable else "role", "true" if not focusable else "group")
    return etree.tostring(root, encoding="unicode")


def _without(element: Any, name: str) -> None:
    if name in element.attrib:
        del element.attrib[name]


def plain(text: str) -> str:
    """A text that may be drawn: the renderer ends the whole process on characters that XML does not hold."""
    said = _UNDRAWABLE.sub("\ufffd", text[:LABEL])
    return said + "…" if len(text) > LABEL else said


def _data(rows: Sequence[Row]) -> Any:
    values = [
        {name: value if name == "href" or not isinstance(value, str) else plain(value) for name, value in row.items()}
        for row in rows
    ]
    return alt.InlineData(values=values)


def _years(rows: Sequence[Row]) -> list[int]:
    years = [row["year"] for row in rows]
    return list(range(min(years), max(years) + 1)) if years else []


def _whole(highest: int) -> dict[str, Any]:
    """The ticks of an axis that counts: whole numbers, each once."""
    return {"values": list(range(highest + 1))} if highest <= 5 else {"tickCount": 5}


def heat_map(rows: Sequence[Row], names: dict[str, str], words: Any, address: Callable[[str, int], str]) -> str:
    """Coverage by place and year. What nothing is known of stays empty, and no colour says so falsely."""
    shown = [
        {
            "year": row["year"],
            "place": names[row["place"]],
            "state": words(f"cover.{row['state']}"),
            "count": row["parsed"] or "",
            "dark": row["state"] in ("all_parsed", "gone"),
            "href": HERE + address(row["place"], row["year"]),
            "says": f"{names[row['place']]} {row['year']}: {words('cover.' + row['state'])}, "
            + words("cover_count", parsed=row["parsed"], known=row["known"]),
        }
        for row in rows
    ]
    order = [plain(names[code]) for code in sorted(names)]
    base = alt.Chart(_data(shown)).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, orient="top"), scale=alt.Scale(domain=_years(rows))),
        y=alt.Y("place:N", title=None, sort=order),
    )
    colour = alt.Color(
        "state:N",
        title=None,
        scale=alt.Scale(domain=[words(f"cover.{s}") for s in STATES], range=[STATE_COLOURS[s] for s in STATES]),
        legend=alt.Legend(orient="bottom", columns=4, columnPadding=18),
    )
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=2, cornerRadius=2).encode(
        color=colour, href="href:N", description="says:N"
    )
    # The numbers lie on the cells, whose links they must not hide; they carry none of their own.
    numbers = base.mark_text(fontSize=11, aria=False).encode(
        text="count:N", color=alt.condition("datum.dark", alt.value("#ffffff"), alt.value(INK))
    )
    chart = (cells + numbers).properties(width=alt.Step(42), height=alt.Step(26))
    return drawn(chart, focusable=len(rows) <= 40)


def stacked(rows: Sequence[Row], words: Any, address: Callable[[int, str], str]) -> str:
    """Reports by year, a colour for each form."""
    shown = [
        {
            "year": row["year"],
            "form": words(f"form.{row['form']}") if row["form"] else words("not_stated"),
            "reports": row["reports"],
            "place": (*FORMS, "").index(row["form"]) if row["form"] in FORMS else len(FORMS),
            "href": HERE + address(row["year"], row["form"] or "none"),
            "says": f"{row['year']}, {words('form.' + row['form']) if row['form'] else words('not_stated')}: "
            + words("reports_found", count=row["reports"]),
        }
        for row in rows
    ]
    by_year = Counter[int]()
    for row in rows:
        by_year[row["year"]] += row["reports"]
    highest = max(by_year.values(), default=0)
    # A form has its colour whatever the language and whichever forms there are.
    colours = {
        words(f"form.{form}") if form else words("not_stated"): COLOURS[place % len(COLOURS)]
        for place, form in enumerate((*FORMS, ""))
        if any(row["form"] == form for row in rows)
    }
    chart = (
        alt.Chart(_data(shown))
        .mark_bar(stroke="#ffffff", strokeWidth=1)
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=_years(rows))),
            y=alt.Y("reports:Q", title=words("nav.reports"), axis=alt.Axis(format=",d", **_whole(highest))),
            color=alt.Color(
                "form:N",
                title=None,
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(orient="bottom", columns=3, columnPadding=18),
            ),
            order=alt.Order("place:Q"),
            href="href:N",
            description="says:N",
        )
        .properties(width=520, height=220)
    )
    return drawn(chart)


def shares(rows: Sequence[Row], words: Any, address: Callable[[int], str]) -> str:
    """The share of reports with a failed check by year."""
    shown = [
        {
            "year": row["year"],
            "share": row["failing"] / row["reports"],
            "href": HERE + address(row["year"]),
            "says": f"{row['year']}: " + words("failing_of", failing=row["failing"], reports=row["reports"]),
        }
        for row in rows
    ]
    base = alt.Chart(_data(shown)).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=_years(rows))),
        y=alt.Y("share:Q", title=words("share_failing"), axis=alt.Axis(format="%", tickCount=5)),
        href="href:N",
        description="says:N",
    )
    # A year without any failure is a mark too, where its bar would have no height.
    none = base.mark_point(color="#b4562c", filled=True, size=45, opacity=1).transform_filter("datum.share == 0")
    chart = base.mark_bar(color="#b4562c") + none
    return drawn(chart.properties(width=520, height=220))


def lines(rows: Sequence[Row], words: Any, address: Callable[[int], str]) -> str:
    """Requests and outcomes by year, a line for each concept."""
    years = {(row["concept"], row["year"]) for row in rows}
    # A line does not run through years that nothing is stated for.
    starts = {
        (name, year): sum((name, other) in years and (name, other - 1) not in years for other in range(year + 1))
        for name, year in years
    }
    shown = [
        {
            "piece": f"{row['concept']} {starts[row['concept'], row['year']]}",
            "year": row["year"],
            "concept": words(f"concept.{row['concept']}"),
            "value": row["value"],
            "href": HERE + address(row["year"]),
            "says": f"{words('concept.' + row['concept'])}, {row['year']}: {row['value']:,.0f} "
            + words("stated_by", count=row["reports"]),
        }
        for row in rows
    ]
    order = list(dict.fromkeys(words(f"concept.{row['concept']}") for row in rows))
    base = alt.Chart(_data(shown)).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=_years(rows))),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=5, format="~s")),
        color=alt.Color(
            "concept:N",
            title=None,
            sort=order,
            scale=alt.Scale(domain=order, range=COLOURS),
            legend=alt.Legend(orient="bottom", columns=6, columnPadding=18),
        ),
    )
    points = base.mark_point(filled=True, size=55, opacity=1).encode(href="href:N", description="says:N")
    return drawn(
        (base.mark_line(strokeWidth=1.6, aria=False).encode(detail="piece:N") + points).properties(
            width=900, height=260
        )
    )


def series(one: Series, breaks: dict[int, str], words: Any, language: str, address: Callable[[str, str], str]) -> str:
    """A concept over a body's years. A change of form is a dashed rule; where it redefines the concept, the line ends
    and begins anew. Years without a value are marked as such, and no line runs through them."""
    shown = []
    piece = 0
    before: int | None = None
    for point in one.points:
        if point.broken or point.value is None or (before is not None and point.year != before + 1):
            piece += 1
        before = point.year
        said = f"{point.value:,g} {point.unit}" if point.value is not None else words(f"status.{point.status}")
        reason = point.broken_zh if language == "zh" else point.broken
        shown.append(
            {
                "year": point.year,
                "value": point.value,
                "zero": 0,
                "piece": piece,
                "missing": point.value is None,
                "href": HERE + address(point.report_id, point.cell),
                "says": f"{point.year}: {said}" + (f" ({words('redefined')}: {reason})" if reason else ""),
            }
        )
        if point.value is None:
            piece += 1
    years = _years(shown)
    scale = alt.Scale(domain=years)
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0), scale=scale)
    y = alt.Y("value:Q", title=plain(one.points[-1].unit) or None, axis=alt.Axis(tickCount=5, format="~s"))
    base = alt.Chart(_data(shown)).encode(x=x)
    layers: list[Any] = [
        base.mark_line(color=COLOURS[0], strokeWidth=2, aria=False)
        .encode(y=y, detail="piece:N")
        .transform_filter("!datum.missing"),
        base.mark_point(filled=True, size=70, opacity=1, color=COLOURS[0])
        .encode(y=y, href="href:N", description="says:N")
        .transform_filter("!datum.missing"),
        base.mark_point(shape="cross", size=60, color="#b4562c", opacity=1)
        .encode(y=alt.Y("zero:Q"), href="href:N", description="says:N")
        .transform_filter("datum.missing"),
    ]
    marks = [{"year": year, "form": words(f"form.{form}")} for year, form in sorted(breaks.items()) if year in years]
    if marks:
        rules = alt.Chart(_data(marks)).encode(x=alt.X("year:O", scale=scale, bandPosition=0))
        layers.append(rules.mark_rule(strokeDash=[5, 4], color="#b4562c", aria=False))
        layers.append(
            rules.mark_text(align="left", baseline="top", dx=4, fontSize=11, color="#8f4420", aria=False).encode(
                text="form:N", y=alt.value(-2)
            )
        )
    return drawn(alt.layer(*layers).properties(width=640, height=230))
