"""Three plots from the tables: `python docs/plots.py [DATA [OUT]]`, by default of data/clean into docs/.

A worked example of what `docs/data.md` says: newest versions only, blanks left out rather than taken for zero, figures
put side by side only where the crosswalk allows it, and failed checks shown instead of hidden.
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

OUTCOMES = {
    "granted": ("#2c7fb8", ["granted__total", "replies_granted__year", "replies_granted__value"]),
    "granted in part": ("#7fcdbb", ["partially_granted__total", "replies_partially_granted__value"]),
    "denied": ("#d95f0e", ["replies_denied__year", "replies_denied__value"]),
}
DENIED = (
    "denied_state_secret", "denied_law_prohibited", "denied_security_stability", "denied_third_party",
    "denied_internal_affairs", "denied_process_information", "denied_enforcement_file", "denied_administrative_query",
)  # fmt: skip
ANSWERED = ["closed_total__total", "replies_total__year", "replies_total__value"]
CELLS = {"a positive number": "#2c7fb8", "zero": "#a6bddb", "blank": "#dddddd", "slash, dash, word": "#fdae6b"}
LEVELS = {"source_error": "#d95f0e", "holds": "#a6bddb"}


def outcomes(panel: pd.DataFrame) -> plt.Figure:
    """Of the requests that a body answered, the shares granted, granted in part, denied, and ended otherwise."""
    answered = panel[ANSWERED].bfill(axis=1).iloc[:, 0]
    rows = panel[answered > 0].assign(answered=answered[answered > 0]).sort_values(["report_year", "answered"])
    figure, axes = plt.subplots(figsize=(7.5, 1.5 + 0.36 * len(rows)), layout="constrained")
    left = pd.Series(0.0, index=rows.index)
    reasons = [f"{line}__total" for line in DENIED]
    for label, (color, cells) in OUTCOMES.items():
        count = rows[cells + (reasons if label == "denied" else [])].sum(axis=1)
        share = (100 * count / rows["answered"]).clip(upper=100 - left)
        axes.barh(range(len(rows)), share, left=left, label=label, color=color, height=0.72)
        left = left + share
    axes.barh(range(len(rows)), 100 - left, left=left, label="otherwise, or not said", color="#e5e5e5", height=0.72)
    for place, count in enumerate(rows["answered"]):
        axes.text(101, place, f"{int(count)}", va="center", fontsize="small")
    axes.text(101, len(rows) - 0.35, "answered", va="bottom", fontsize="x-small", color="#555555")
    names = zip(rows["report_year"], rows["body_type"].fillna("body"), rows["form"], strict=True)
    axes.set_yticks(range(len(rows)), [f"{year} · {kind} · {form}" for year, kind, form in names], fontsize="small")
    axes.margins(y=0.02)
    axes.set(xlabel="% of the requests answered", xlim=(0, 100))
    axes.set_title("What became of requests, one bar a report", loc="left")
    figure.legend(
        *axes.get_legend_handles_labels(), frameon=False, ncols=4, loc="outside lower center", fontsize="small"
    )
    return figure


def blanks(figures: pd.DataFrame) -> plt.Figure:
    """What the printed cells of each form hold: what a blank taken for zero would do to them."""
    kind = figures["status"].map(
        {"blank": "blank", "slash": "slash, dash, word", "dash": "slash, dash, word", "none_word": "slash, dash, word"}
    )
    zero = figures["value"].eq(0).fillna(value=False)
    reported = figures["status"].eq("reported")
    kind = kind.astype(object).mask(reported & zero, "zero").mask(reported & ~zero, "a positive number")
    counts = pd.crosstab(figures["form"], kind).reindex(columns=list(CELLS), fill_value=0)
    shares = counts.div(counts.sum(axis=1), axis=0).mul(100).iloc[::-1]
    figure, axes = plt.subplots(figsize=(7.5, 2.9), layout="constrained")
    left = pd.Series(0.0, index=shares.index)
    for label, color in CELLS.items():
        axes.barh(shares.index, shares[label], left=left, label=label, color=color, height=0.7)
        for place, (share, start) in enumerate(zip(shares[label], left, strict=True)):
            if share >= 6:
                axes.text(start + share / 2, place, f"{share:.0f}", ha="center", va="center", fontsize="small")
        left = left + shares[label]
    axes.margins(y=0.02)
    axes.set(xlabel="% of the printed cells", xlim=(0, 100))
    axes.set_title("What the cells of each form hold", loc="left")
    figure.legend(
        *axes.get_legend_handles_labels(), frameon=False, ncols=4, loc="outside lower center", fontsize="small"
    )
    return figure


def arithmetic(checks: pd.DataFrame) -> plt.Figure:
    """How often the published figures satisfy the form's own arithmetic and agree with the text, by rule."""
    told = checks[checks["outcome"] != "not_assessable"]
    failed = told["outcome"].isin(["fail", "fail_if_blank_zero"])
    by_rule = pd.DataFrame(
        {"holds": (~failed).groupby(told["rule"]).sum(), "fails": failed.groupby(told["rule"]).sum()}
    )
    share = by_rule.div(by_rule.sum(axis=1), axis=0).mul(100).assign(count=by_rule.sum(axis=1), failed=by_rule["fails"])
    share = share.sort_values(["fails", "count"])
    figure, axes = plt.subplots(figsize=(7.5, 1.2 + 0.3 * len(share)), layout="constrained")
    names = [name.replace("_", " ") for name in share.index]
    axes.barh(names, share["holds"], color=LEVELS["holds"], label="holds", height=0.7)
    axes.barh(
        names,
        share["fails"],
        left=share["holds"],
        color=LEVELS["source_error"],
        label="fails: the published figures contradict each other",
        height=0.7,
    )
    for place, (count, wrong) in enumerate(zip(share["count"], share["failed"], strict=True)):
        axes.text(101, place, f"{int(wrong)} of {int(count)}", va="center", fontsize="small")
    axes.margins(y=0.02)
    axes.set(xlabel="% of the times that it could be evaluated", xlim=(0, 100))
    axes.set_title("Do published figures add up? By rule of the forms", loc="left")
    figure.legend(
        *axes.get_legend_handles_labels(), frameon=False, ncols=2, loc="outside lower center", fontsize="small"
    )
    return figure


def main(arguments: list[str]) -> int:
    data = Path(arguments[0] if arguments else "data/clean")
    out = Path(arguments[1] if len(arguments) > 1 else "docs")
    out.mkdir(parents=True, exist_ok=True)
    reports = pd.read_parquet(data / "reports.parquet")
    latest = reports.loc[reports["latest"].fillna(value=False), "report_id"]
    figures, checks = (pd.read_parquet(data / f"{name}.parquet") for name in ("observations", "checks"))
    figures, checks = (table[table["report_id"].isin(latest)] for table in (figures, checks))
    made = {
        "outcomes": outcomes(pd.read_parquet(data / "panel.parquet")),
        "blanks": blanks(figures),
        "arithmetic": arithmetic(checks),
    }
    for name, figure in made.items():
        figure.savefig(out / f"plot-{name}.svg", metadata={"Date": None, "Creator": None})
        if "--png" in arguments:
            figure.savefig(out / f"plot-{name}.png", dpi=110)
        plt.close(figure)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
