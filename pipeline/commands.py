"""The commands that prove, compare and release what was published. Each sets `run`, a function to the exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.errors import GongkaiError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

CLOSED = 128 + 13
"""What a program ends with that writes to a reader who has gone (SIGPIPE)."""

EXIT_CODES = """\
exit codes:
  0  all is well
  1  differences or faults were found; they are listed
  2  bad usage
"""


def add_trust(commands: Any) -> None:
    """Add the commands to the subparsers of `gongkai`."""
    _add_verify(commands)
    _add_explain(commands)
    _add_check_release(commands)
    _add_diff(commands)
    _add_drift(commands)
    _add_release(commands)
    _add_export(commands)
    _add_sample(commands)
    _add_agree(commands)
    _add_rates(commands)
    _add_measures(commands)


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], text: str) -> Any:
    command = commands.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    command.set_defaults(run=_guarded(run))
    return command


def _guarded(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A command whose errors are words and an exit code."""

    def guarded(said: argparse.Namespace) -> int:
        try:
            return run(said)
        except UsageError as error:
            print(f"gongkai: {error}", file=sys.stderr)
            return 2
        except BrokenPipeError:
            # Whoever read the output has seen enough; what would have come of it is not known.
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
            return CLOSED
        except (GongkaiError, OSError) as error:
            print(f"gongkai: {error}", file=sys.stderr)
            return 1

    return guarded


def _data(command: Any) -> None:
    command.add_argument(
        "--data", default="data/clean", metavar="DIR", help="folder of published tables (default: data/clean)"
    )


def _add_verify(commands: Any) -> None:
    command = _command(
        commands, "verify", _verify, "find every published cell again in the archived bytes and read it again"
    )
    _data(command)
    command.add_argument(
        "--raw",
        action="append",
        default=[],
        metavar="DIR",
        help="folder of documents or archives; may be given again (default: data/raw)",
    )
    command.add_argument("--sample", type=int, default=0, metavar="N", help="look for N observations (default: all)")
    command.add_argument("--seed", default="", help="another text chooses another sample")
    command.add_argument("--out", default="", metavar="FILE", help="write the table of differences as CSV")
    command.add_argument("--json", action="store_true", help="print the outcome as JSON")


def _verify(said: argparse.Namespace) -> int:
    from dataclasses import asdict

    from pipeline.tables import Tables
    from pipeline.verify import verify, write

    verdict = verify(Tables(said.data), said.raw or ["data/raw"], said.sample, said.seed)
    if said.out:
        with open(said.out, "w", encoding="utf-8", newline="") as file:
            write(verdict.differences, file)
    if said.json:
        counts = {name: dict(getattr(verdict, name)) for name in ("rows", "found", "reread")}
        _print_json({**counts, "differences": [asdict(one) for one in verdict.differences]})
    else:
        print("\n".join(verdict.lines()))
        if verdict.differences and not said.out:
            write(verdict.differences, sys.stdout)
    return 0 if verdict.holds else 1


def _add_explain(commands: Any) -> None:
    command = _command(
        commands, "explain", _explain, "say where a figure stands, how it was read, and what it must agree with"
    )
    command.add_argument("report", metavar="REPORT", help="report_id, the beginning of one, or a source")
    command.add_argument("indicator", metavar="INDICATOR")
    command.add_argument("breakdown", metavar="BREAKDOWN")
    _data(command)
    command.add_argument("--json", action="store_true", help="as JSON")


def _explain(said: argparse.Namespace) -> int:
    from pipeline.explain import explain
    from pipeline.tables import Tables

    found = explain(Tables(said.data), said.report, said.indicator, said.breakdown)
    if said.json:
        _print_json(found.data())
    else:
        print("\n".join(found.lines()))
    return 0


def _add_check_release(commands: Any) -> None:
    command = _command(commands, "check-release", _check_release, "check that published tables agree with each other")
    _data(command)
    command.add_argument("--json", action="store_true", help="as JSON")


def _check_release(said: argparse.Namespace) -> int:
    from dataclasses import asdict

    from pipeline.audit import audit
    from pipeline.tables import Tables

    found = audit(Tables(said.data))
    if said.json:
        _print_json({name: [asdict(one) for one in faults] for name, faults in found.faults.items()})
    else:
        print("\n".join(found.lines()))
    return 0 if found.holds else 1


def _add_diff(commands: Any) -> None:
    command = _command(commands, "diff", _diff, "say which figures differ between two sets of tables, and why")
    command.add_argument("old", metavar="OLD", help="folder of published tables")
    command.add_argument("new", metavar="NEW", help="folder of published tables")
    command.add_argument("--out", default="", metavar="FILE", help="write every change as CSV")
    command.add_argument("--strict", action="store_true", help="exit with 1 when a change has no reason")


def _diff(said: argparse.Namespace) -> int:
    from pipeline.diff import diff, write
    from pipeline.tables import Tables

    found = diff(Tables(said.old), Tables(said.new))
    print("\n".join(found.lines()))
    if said.out:
        with open(said.out, "w", encoding="utf-8", newline="") as file:
            write(found.changes, file)
    return 1 if said.strict and any(one.reason == "unexplained" for one in found.changes) else 0


def _add_drift(commands: Any) -> None:
    command = _command(
        commands, "drift", _drift, "list labels and headers that no form knows, with the nearest known ones"
    )
    _data(command)
    command.add_argument("--seen", default="", metavar="DIR", help="an earlier release: what stands there is not new")
    command.add_argument("--out", default="", metavar="FILE", help="write the list as CSV (default: to the screen)")
    command.add_argument("--strict", action="store_true", help="exit with 1 when there are any")


def _drift(said: argparse.Namespace) -> int:
    from pipeline.drift import drift, write
    from pipeline.tables import Tables

    found = drift(Tables(said.data), Tables(said.seen) if said.seen else None)
    if said.out:
        with open(said.out, "w", encoding="utf-8", newline="") as file:
            write(found, file)
        print(f"{len(found)} wordings are new")
    else:
        write(found, sys.stdout)
    return 1 if said.strict and found else 0


def _add_release(commands: Any) -> None:
    command = _command(
        commands, "release", _release, "make a folder to publish: tables, codebook, checksums, changelog, deposit"
    )
    command.add_argument("version", metavar="VERSION", help="of the data, such as 2026.1 or 1.0.0")
    _data(command)
    command.add_argument("--previous", default="", metavar="DIR", help="the release before, for the changelog")
    command.add_argument(
        "--out", default="releases", metavar="DIR", help="where the folder is made (default: releases)"
    )


def _release(said: argparse.Namespace) -> int:
    from pipeline.release import release

    print(release(said.data, said.version, said.out, said.previous))
    return 0


def _add_export(commands: Any) -> None:
    command = _command(commands, "export", _export, "make copies of the tables for spreadsheet programs")
    _data(command)
    command.add_argument("--excel", action="store_true", required=True, help="CSV with BOM, formulas defused")
    command.add_argument("--xlsx", action="store_true", help="workbooks too, for tables that fit into a sheet")
    command.add_argument("--out", required=True, metavar="DIR")
    command.add_argument("--table", action="append", default=[], help="only this table; may be given again")


def _export(said: argparse.Namespace) -> int:
    from pipeline.export import export
    from pipeline.tables import Tables

    for line in export(Tables(said.data), said.out, said.table, workbooks=said.xlsx):
        print(line)
    return 0


def _add_sample(commands: Any) -> None:
    command = _command(
        commands, "sample", _sample, "draw cells for people to code, of every form, format and kind of cell"
    )
    _data(command)
    command.add_argument("--cells", type=int, default=200, metavar="N", help="how many (default: 200)")
    command.add_argument("--seed", default="", help="another text draws another sample")
    command.add_argument("--out", required=True, metavar="FILE", help="the sheet: .xlsx or .csv")


def _sample(said: argparse.Namespace) -> int:
    from pipeline.coding import sample, write_sheet
    from pipeline.tables import Tables

    rows = sample(Tables(said.data), said.cells, said.seed)
    write_sheet(rows, Path(said.out))
    print(f"{len(rows)} cells to code in {said.out}")
    return 0


def _add_agree(commands: Any) -> None:
    command = _command(commands, "agree", _agree, "compare filled coding sheets with the tables and with each other")
    command.add_argument("sheets", nargs="+", metavar="SHEET", help="filled sheets, each named after its coder")
    _data(command)
    command.add_argument("--corrections", default="", metavar="FILE", help="write entries for where all coders differ")


def _agree(said: argparse.Namespace) -> int:
    from pipeline.coding import agree, corrections_of
    from pipeline.tables import Tables

    tables = Tables(said.data)
    found = agree(tables, [Path(sheet) for sheet in said.sheets])
    for one in found.agreements:
        share = one.agreed / one.cells
        chance = "" if one.kappa is None else f", kappa {one.kappa:.3f}"
        print(f"{one.one} and {one.other}: {one.indicator}: {one.agreed} of {one.cells} ({share:.1%}){chance}")
    for other in found.disagreements:
        print(" ".join(other.key), ", ".join(f"{name} {text}" for name, text in other.said.items()), sep=": ")
    if said.corrections:
        sources = {row["report_id"]: row["source"] for row in tables.rows("reports")}
        Path(said.corrections).write_text(corrections_of(found.disagreements, sources), encoding="utf-8")
    return 1 if found.disagreements else 0


def _add_rates(commands: Any) -> None:
    command = _command(commands, "rates", _rates, "measure error rates against what people read in the same documents")
    command.add_argument(
        "sets",
        nargs="+",
        metavar="NAME=DATA=TRUTH",
        help="a name, a folder of tables, and a truth.json, a folder of golden tables, or a filled sheet",
    )
    command.add_argument("--write", default="", metavar="PAGE", help="put the table into this page, between its marks")


def _rates(said: argparse.Namespace) -> int:
    from pipeline.rates import rates, table, written
    from pipeline.tables import Tables

    sets = []
    for text in said.sets:
        parts = text.split("=")
        if len(parts) != 3:
            raise UsageError(f"{text} is no NAME=DATA=TRUTH")
        sets.append((parts[0], Tables(parts[1]), Path(parts[2])))
    rows = table(rates(sets))
    print(rows)
    if said.write:
        page = Path(said.write)
        page.write_text(written(page.read_text("utf-8"), rows), encoding="utf-8")
    return 0


def _add_measures(commands: Any) -> None:
    command = _command(
        commands,
        "measures",
        _measures,
        "derive measures from the newest reports: denial rate, days late, likeness to last year's text, as CSV",
    )
    _data(command)
    command.add_argument("--out", default="", metavar="FILE", help="file to write (default: standard output)")


def _measures(said: argparse.Namespace) -> int:
    from pipeline.link.measures import measures
    from pipeline.tables import Tables

    rows = measures(Tables(said.data))
    rows.to_csv(said.out or sys.stdout, index=False, lineterminator="\n")
    return 0


def _print_json(said: object) -> None:
    print(json.dumps(said, ensure_ascii=False, indent=2, default=str))
