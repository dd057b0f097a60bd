"""`codebook.csv`: every column of every table, and every cell of every form, in Chinese and English.

It is made from the records and the form files and holds nothing of its own but the short names for Stata,
which stand in `stata_names.toml`.
"""

from __future__ import annotations

import csv
import functools
import io
import re
import tomllib
from dataclasses import astuple, dataclass
from importlib import resources
from typing import TYPE_CHECKING

from parsers.errors import DataFileError
from parsers.forms import Form, FormColumn, FormSection, Line, forms
from parsers.records import Column, col, columns
from pipeline import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAME = "codebook.csv"
LONGEST = 32
"""Characters that a name of a Stata variable may have."""

TYPES = {"text": "text", "int": "integer", "number": "number", "bool": "boolean", "date": "date", "timestamp": "time"}
RESERVED = frozenset(
    "_all _b byte _coef _cons double float if in int long _n _N _pi _pred _rc _skip str strL using with".split()
)
"""Words that Stata keeps for itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the codebook: a column of a table, or a cell of a form."""

    kind: str = col("text", "种类", "a column of a table, or a cell of a form", key=True, values=("column", "cell"))
    table: str = col("text", "表", "table that has the column; `observations` and `panel` hold the cells", key=True)
    name: str = col("text", "名称", "name of the column; INDICATOR__BREAKDOWN for a cell", key=True)
    form: str = col("text", "表式", "official form that prints the cell", key=True)
    indicator: str = col("text", "指标", "line of the form")
    breakdown: str = col("text", "分组", "column of the form")
    label_zh: str = col(
        "text", "中文标签", "label in Chinese; for a cell those of line and column as officially printed"
    )
    label_en: str = col("text", "英文标签", "label in English")
    definition: str = col("text", "定义", "what it is")
    type: str = col("text", "类型", "type of the values", values=tuple(TYPES.values()))
    unit: str = col("text", "单位", "unit that the form states; empty where the page has to")
    parent: str = col("text", "上级指标", "line that the cell's line is a part of")
    values: str = col("text", "取值", "allowed values, `;` between them; empty when any is")
    is_key: bool | None = col("bool", "主键", "the column is part of its table's key")
    stata_name: str = col("text", "Stata 变量名", "name in panel.dta, at most 32 characters")
    label_verified: str = col(
        "text", "标签核实", "whether the label was seen on a filled page", values=("yes", "no", "blank form seen", "")
    )
    note: str = col("text", "说明", "remarks")


def entries(tables: Iterable[str]) -> Iterator[Entry]:
    """The codebook of some tables and of every form, in published order."""
    for table in tables:
        for column in schema.columns(table):
            yield _column(table, column)
    for column in columns(Entry):
        yield _column("codebook", column)
    for form in forms():
        for section in form.sections:
            for line in section.lines:
                for breakdown in line.breakdowns:
                    yield _cell(form, section, line, section.column(breakdown))


def content(tables: Iterable[str]) -> bytes:
    """The file, in the same CSV as the tables."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns(Entry)])
    for entry in entries(tables):
        shown = [value if value is not None else "" for value in astuple(entry)]
        writer.writerow([str(value).lower() if isinstance(value, bool) else value for value in shown])
    return text.getvalue().encode()


def _column(table: str, column: Column) -> Entry:
    return Entry(
        kind="column",
        table=table,
        name=column.name,
        label_zh=column.zh,
        label_en=column.name.replace("_", " "),
        definition=column.en,
        type=TYPES[column.kind],
        values=";".join(value for value in column.values if value),
        is_key=column.key,
        stata_name=stata_name(*column.name.split("__")) if "__" in column.name else column.name[:LONGEST],
    )


def _cell(form: Form, section: FormSection, line: Line, column: FormColumn) -> Entry:
    breakdown = column.breakdown
    plain = breakdown.replace("_", " ")
    spans = " / ".join([*line.groups, *column.groups, column.label.replace("<year>", "报告年")])
    return Entry(
        kind="cell",
        table="observations",
        name=f"{line.indicator}__{breakdown}",
        form=form.name,
        indicator=line.indicator,
        breakdown=breakdown,
        label_zh=f"{line.label}（{spans}）",
        label_en=f"{line.label_en} ({plain})",
        definition=f"{line.label_en}, {plain}: {section.label_en or section.name}, {form.label_en or form.name}",
        type="integer" if form.value_type_of(line.indicator, breakdown) == "int" else "number",
        unit=form.unit_of(line.indicator, breakdown) or column.unit,
        parent=line.parent,
        stata_name=stata_name(line.indicator, breakdown),
        label_verified=line.verified if line.verified in ("yes", "no", "blank form seen") else "",
        note="; ".join(note for note in (line.note, column.note) if note),
    )


@functools.cache
def _short() -> tuple[dict[str, str], dict[str, str]]:
    said = tomllib.loads(resources.files("pipeline").joinpath("stata_names.toml").read_text("utf-8"))
    return said["indicators"], said["breakdowns"]


def stata_name(indicator: str, breakdown: str) -> str:
    """The name of a cell's variable in `panel.dta`. DataFileError when it is none that Stata takes."""
    lines, groups = _short()
    name = f"{lines.get(indicator, indicator)}__{groups.get(breakdown, breakdown)}"
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,31}", name) or name in RESERVED:
        raise DataFileError(
            f"{name} is no name of a Stata variable",
            reading="pipeline/stata_names.toml",
            remedy=f"Give {indicator} or {breakdown} a shorter word there.",
        )
    return name
