"""Three plots from the tables: `python docs/plots.py [DATA [OUT]]`, by default of data/clean into docs/.

A worked example of what `docs/data.md` says: latest versions only, blanks left out rather than taken for zero, and
failed checks shown instead of hidden.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import pandas as pd

mpl.use("svg")
# Equal data give equal pictures: ids come from a fixed salt and no date is written.
mpl.rcParams.update(
    {"svg.hashsalt": "gongkai", "font.family": "DejaVu Sans", "axes.spines.top": False, "axes.spines.right": False}
)

import matplotlib.pyplot as plt  # noqa: E402

DENIED = (
    "denied_state_secret", "denied_law_prohibited", "denied_security_stability", "denied_third_party",
    "denied_internal_affairs", "denied_process_information", "denied_enforcement_file", "denied_administrative_query",
)  # fmt: skip
OUTCOMES = {"granted": ("granted",), "granted in part": ("partially_granted",), "denied": DENIED}


def read(data: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Latest reports, their figures (`count` is the corrected value where there is one), their checks."""
    reports = pd.read_parquet(data / "reports.parquet")
    reports = reports[reports["latest"].fillna(value=False)]
    figures = pd.read_parquet(data / "observations.parquet")
    figures = figures[figures["report_id"].isin(reports["report_id"])].copy()
    figures["count"] = figures["value_corrected"].fillna(figures["value_std"])
    checks = pd.read_parquet(data / "checks.parquet")
    return reports, figures, checks[checks["report_id"].isin(reports["report_id"])]


def outcomes(figures: pd.DataFrame) -> plt.Figure:
    """Of the requests closed in a report, the shares granted, granted in part, denied, and ended otherwise."""
    total = figures[figures["breakdown"] == "total"].pivot(index="report_id", columns="indicator", values="count")
    closed = total["closed_total"] if "closed_total" in total else pd.Series(dtype=float)
    total, closed = total[closed > 0], closed[closed > 0]
    names = figures.drop_duplicates("report_id").set_index("report_id")["report_year"]
    figure, axes = plt.subplots(figsize=(7, 1.4 + 0.35 * max(len(total), 1)), layout="constrained")
    left = pd.Series(0.0, index=total.index)
    order = closed.sort_values().index
    for label, lines in OUTCOMES.items():
        there = [line for line in lines if line in total]
        share = (100 * total[there].sum(axis=1) / closed).reindex(order)
        axes.barh(range(len(order)), share, left=left.reindex(order), label=label, height=0.7)
        left = left + share.reindex(left.index)
    axes.barh(
        range(len(order)),
        100 - left.reindex(order),
        left=left.reindex(order),
        label="otherwise",
        height=0.7,
        color="#ddd",
    )
    axes.set_yticks(range(len(order)), [f"{name[:6]} · {names[name]} · {int(closed[name])} closed" for name in order])
    axes.set(xlabel="% of the requests closed", xlim=(0, 100), title="How requests ended, by report")
    axes.legend(frameon=False, ncols=4, loc="upper center", bbox_to_anchor=(0.4, -0.2), fontsize="small")
    return figure


def blanks(figures: pd.DataFrame) -> plt.Figure:
    """What the cells of each form hold: why a blank must not be read as zero."""
    kind = figures["status"].where(
        figures["status"] != "reported", figures["value"].eq(0).map({True: "zero", False: "nonzero"})
    )
    kind = kind.where(kind.isin(["nonzero", "zero", "blank"]), "slash, dash, word, open")
    shares = pd.crosstab(figures["form"], kind, normalize="index").mul(100)
    shares = shares.reindex(columns=["nonzero", "zero", "blank", "slash, dash, word, open"], fill_value=0)
    axes = shares.plot.barh(
        stacked=True, figsize=(7, 3.2), width=0.7, color=["#1f77b4", "#9ecae1", "#dddddd", "#ff7f0e"]
    )
    axes.set(xlabel="% of the printed cells", ylabel="", xlim=(0, 100), title="What the cells hold, by form")
    axes.legend(frameon=False, ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.2), fontsize="small")
    axes.figure.set_layout_engine("constrained")
    return axes.figure


def arithmetic(checks: pd.DataFrame) -> plt.Figure:
    """How often the published figures satisfy the form's own arithmetic, by rule."""
    held = checks[(checks["kind"] == "equality") & (checks["outcome"] != "not_assessable")]
    fails = held["outcome"].isin(["fail", "fail_if_blank_zero"])
    by_rule = pd.DataFrame({"holds": (~fails).groupby(held["rule"]).sum(), "fails": fails.groupby(held["rule"]).sum()})
    by_rule = by_rule.sort_values(["fails", "holds"])
    axes = by_rule.plot.barh(
        stacked=True, figsize=(7, 0.8 + 0.35 * len(by_rule)), width=0.7, color=["#9ecae1", "#d62728"]
    )
    axes.set(xlabel="times evaluated", ylabel="", title="The forms' arithmetic on the published figures")
    axes.legend(frameon=False, loc="lower right", fontsize="small")
    axes.figure.set_layout_engine("constrained")
    return axes.figure


def main(arguments: list[str]) -> int:
    data = Path(arguments[0] if arguments else "data/clean")
    out = Path(arguments[1] if len(arguments) > 1 else "docs")
    out.mkdir(parents=True, exist_ok=True)
    _, figures, checks = read(data)
    made = {"outcomes": outcomes(figures), "blanks": blanks(figures), "arithmetic": arithmetic(checks)}
    for name, figure in made.items():
        figure.savefig(out / f"plot-{name}.svg", metadata={"Date": None, "Creator": None})
        plt.close(figure)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
