"""The pages of the explorer. Every page has an address under /en/ or /zh/ that can be shared."""

from __future__ import annotations

import functools
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from parsers.errors import UsageError
from parsers.records import FORMS, LEVELS, TABLES
from pipeline import schema
from pipeline.explain import checks_with, line_of
from pipeline.explorer import bodies, charts, codebook, queries, selections, summaries
from pipeline.explorer.bodies import FIRST
from pipeline.explorer.layout import lay_out
from pipeline.explorer.marks import Mark, anchor
from pipeline.explorer.selections import Selection
from pipeline.explorer.texts import LANGUAGES, text
from pipeline.export import plain

if TYPE_CHECKING:
    from pipeline.explorer.store import Row, Store
    from pipeline.explorer.viewer import Viewer

FRAME_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
)
"""What the frame with an archived page may do: be looked at, and have our links followed by a person."""

NAVIGATION = ("", "reports", "bodies", "checks", "issues", "codebook", "api")
"""The pages that every page leads to."""

Language = Annotated[str, Path(pattern="^(en|zh)$")]


def shown(value: Any) -> str:
    """A number, date or text as people read it: figures with thousands set apart by thin spaces."""
    if isinstance(value, bool) or value is None:
        return plain(value)
    if isinstance(value, int | float):
        said = plain(float(value))
        whole, point, rest = said.partition(".")
        sign = whole[:1] if whole[:1] == "-" else ""
        digits = whole.removeprefix("-")
        return sign + (f"{int(digits):,}".replace(",", "\u202f") if digits.isdigit() else digits) + point + rest
    return str(value)


class Site:
    """The routes of the pages, over a store and a viewer."""

    def __init__(self, store: Store, viewer: Viewer) -> None:
        self.store = store
        self.viewer = viewer
        self.templates = Environment(
            loader=PackageLoader("pipeline.explorer", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters.update(shown=shown, plain=plain, path=functools.partial(quote, safe=""))
        self.templates.globals.update(
            anchor=anchor,
            NAVIGATION=NAVIGATION,
            DOWNLOADS=("reports", "observations", "sections", "checks", "issues"),
            FORMS=FORMS,
            LEVELS=[level for level in LEVELS if level],
        )
        self.router = APIRouter(include_in_schema=False)
        for path, view in (
            ("/", self.overview),
            ("/coverage", self.coverage),
            ("/documents", self.documents),
            ("/documents/{document_id}", self.document),
            ("/bodies", self.bodies),
            ("/bodies/{body_id}", self.body),
            ("/checks", self.checks),
            ("/issues", self.issues),
            ("/codebook", self.codebook),
            ("/api", self.api),
            ("/reports", self.reports),
            ("/reports/{report_id}", self.report),
            ("/reports/{report_id}/cells/{cell}", self.cell),
            ("/documents/{document_id}/view", self.view),
        ):
            self.router.add_api_route(f"/{{language}}{path}", view, methods=["GET"])
        self.router.add_api_route("/documents/{document_id}/pages/{page}.png", self.image, methods=["GET"])

    def page(self, request: Request, language: str, template: str, code: int = 200, **values: Any) -> Response:
        """A page made from a template."""
        other = next(one for one in LANGUAGES if one != language)
        rest = request.url.path.partition("/")[2].partition("/")[2]
        query = f"?{request.url.query}" if request.url.query else ""
        markup = self.templates.get_template(template).render(
            t=functools.partial(text, language),
            language=language,
            other=other,
            other_address=f"/{other}/{quote(rest)}{query}",
            column=functools.partial(column, language),
            here=rest.partition("/")[0],
            **values,
        )
        return HTMLResponse(markup, code)

    def failure(self, request: Request, language: str, status: int, name: str, message: str) -> Response:
        """A page that says what went wrong."""
        return self.page(request, language, "failure.html", status, status=status, name=name, message=message)

    def reports(self, request: Request, language: Language) -> Response:
        """The list of reports."""
        selection = Selection.of(dict(request.query_params))
        found = selections.page(self.store, selection)
        return self.page(request, language, "reports.html", selection=selection, found=found, orders=selections.ORDERS)

    def overview(self, request: Request, language: Language, place: str = "") -> Response:
        """What the tables hold as a whole."""
        words = functools.partial(text, language)
        within = place if place.isdigit() and place.isascii() and len(place) in (2, 4) else ""
        rows = summaries.coverage(self.store, within)
        codes = sorted({row["place"] for row in rows})
        names = self.store.cached(("names", language, *codes), lambda: named(codes, words("place_unknown")))
        return self.page(
            request,
            language,
            "overview.html",
            counts=summaries.counts(self.store),
            kinds=summaries.kinds(self.store),
            coverage=rows,
            names=names,
            within=within,
            forms=summaries.by_form(self.store),
            failing=summaries.failing(self.store),
            outcomes=summaries.outcomes(self.store),
            drawings=self._drawings(language, within),
        )

    def _drawings(self, language: str, within: str) -> dict[str, str]:
        """The charts of the overview by name, those that there is something to draw for."""
        words = functools.partial(text, language)
        base = f"/{language}/reports"

        def heat_map() -> str:
            rows = summaries.coverage(self.store, within)
            names = named(sorted({row["place"] for row in rows}), words("place_unknown"))
            return charts.heat_map(
                rows, names, words, lambda code, year: f"/{language}/coverage?place={quote(code or 'none')}&year={year}"
            )

        forms, failing = summaries.by_form(self.store), summaries.failing(self.store)
        sums = summaries.outcomes(self.store)
        all_of_them: dict[str, tuple[Any, Any]] = {
            "coverage": (summaries.coverage(self.store, within), heat_map),
            "forms": (
                forms,
                lambda: charts.stacked(forms, words, lambda year, form: f"{base}?year={year}&form={quote(form)}"),
            ),
            "failing": (failing, lambda: charts.shares(failing, words, lambda year: f"{base}?year={year}&failed=yes")),
            "outcomes": (sums, lambda: charts.lines(sums, words, lambda year: f"{base}?year={year}&scope=single")),
        }
        return {
            name: self.store.cached(("drawing", name, language, within if name == "coverage" else ""), draw)
            for name, (rows, draw) in all_of_them.items()
            if rows
        }

    def warm_up(self) -> None:
        """Draw what everybody sees first, before anybody asks."""
        for language in LANGUAGES:
            self._drawings(language, "")

    def coverage(
        self, request: Request, language: Language, place: str = "", year: str = "", after: str = ""
    ) -> Response:
        """The rows of coverage behind a place and year."""
        rows, more = queries.covered(self.store, place, year, after)
        return self.page(request, language, "coverage.html", rows=rows, place=place, year=year, after=more)

    def documents(self, request: Request, language: Language, kind: str = "", after: str = "") -> Response:
        """Documents by kind."""
        conditions = {"kind": kind} if kind else {}
        rows, more = summaries.listed(self.store, "documents", "document_id, source, fetched_at", conditions, after, 50)
        return self.page(request, language, "documents.html", rows=rows, kinds=summaries.kinds(self.store), kind=kind,
                         after=more)  # fmt: skip

    def document(self, request: Request, language: Language, document_id: str) -> Response:
        """A document, whatever became of it."""
        rows = queries.document(self.store, document_id)
        related = self.store.rows("SELECT * FROM report_documents WHERE document_id = ?", [document_id])
        issues = self.store.rows("SELECT * FROM issues WHERE document_id = ? LIMIT 200", [document_id])
        return self.page(request, language, "document.html", rows=rows, related=related, issues=issues)

    def bodies(self, request: Request, language: Language, q: str = "", after: str = "") -> Response:
        """Bodies by name."""
        limited(q=q, after=after)
        rows = bodies.found(self.store, q, after)
        more = rows[49]["body_id"] if len(rows) > 50 else ""
        return self.page(request, language, "bodies.html", rows=rows[:50], q=q, after=more)

    def body(
        self, request: Request, language: Language, body_id: str, scope: str = "", concept: str = FIRST
    ) -> Response:
        """A body through the years."""
        life = bodies.life(self.store, body_id, scope)
        chosen = life.of(concept) or (life.series[0] if life.series else None)
        base = f"/{language}/reports/"
        drawing = ""
        if chosen is not None:
            drawing = charts.series(
                chosen,
                life.breaks,
                functools.partial(text, language),
                language,
                lambda report_id, cell: f"{base}{report_id}?cell={quote(cell)}#o-{quote(cell)}",
            )
        year, peers = bodies.peers(self.store, life.body, life.reports, chosen.concept.name if chosen else "")
        return self.page(
            request, language, "body.html", life=life, chosen=chosen, drawing=drawing, year=year, peers=peers,
            peak=max((row["value"] or 0 for row in peers), default=0),
        )  # fmt: skip

    def checks(self, request: Request, language: Language, rule: str = "", form: str = "", verdict: str = "",
               outcome: str = "", after: str = "") -> Response:  # fmt: skip
        """Checks by rule, and the rows of one."""
        limited(rule=rule, form=form, verdict=verdict, outcome=outcome, after=after)
        rules = summaries.rules(self.store)
        rows: list[Row] = []
        more = ""
        if rule or verdict or outcome:
            conditions = {"rule": rule, "form": form, "verdict": verdict}
            conditions = {name: value for name, value in conditions.items() if value}
            if outcome == "failed" or not outcome:
                conditions["failed"] = "yes"
            elif outcome != "all":
                conditions["outcome"] = outcome
            order = "report_id, form, rule, indicator, breakdown"
            rows, more = summaries.listed(self.store, "checks", order, conditions, after, 50)
        said = {"rule": rule, "form": form, "verdict": verdict, "outcome": outcome}
        stated = codebook.rules()
        meanings = [one for one in stated.values() if one.rule == rule and (not form or one.form in (form, "all"))]
        return self.page(
            request,
            language,
            "checks.html",
            rules=rules,
            rows=rows,
            reports=queries.reports_of(self.store, rows),
            said=said,
            after=more,
            meanings=meanings,
            stated=stated,
        )

    def issues(
        self, request: Request, language: Language, code: str = "", severity: str = "", after: str = ""
    ) -> Response:
        """Issues by code, and the rows of one."""
        limited(code=code, severity=severity, after=after)
        rows: list[Row] = []
        more = ""
        if code or severity:
            conditions = {name: value for name, value in (("code", code), ("severity", severity)) if value}
            order = "report_id, document_id, code, locator, message"
            rows, more = summaries.listed(self.store, "issues", order, conditions, after, 50)
        said = {"code": code, "severity": severity}
        return self.page(request, language, "issues.html", codes=summaries.codes(self.store), rows=rows, said=said,
                         reports=queries.reports_of(self.store, rows), after=more)  # fmt: skip

    def codebook(self, request: Request, language: Language, q: str = "", form: str = "") -> Response:
        """Concepts with the cells that measure them, and the columns of the tables."""
        limited(q=q, form=form)
        return self.page(request, language, "codebook.html", found=codebook.found(q, form), q=q, form=form,
                         tables=[(table, schema.columns(table)) for table in sorted(self.store.tables)
                                 if table in TABLES and table not in schema.WIDE])  # fmt: skip

    def api(self, request: Request, language: Language) -> Response:
        """The documentation of the API, made from the document that describes it to programs."""
        base = str(request.base_url).rstrip("/")
        return self.page(request, language, "api.html", document=request.app.openapi(), base=base)

    def report(self, request: Request, language: Language, report_id: str, cell: str = "") -> Response:
        """A report beside its archived page."""
        whole = queries.whole(self.store, report_id)
        chosen = whole.observation(cell) if cell else None
        document_id = chosen["document_id"] if chosen else whole.report["document_id"]
        source = f"/{language}/documents/{document_id}/view?report={report_id}"
        if chosen:
            source += f"#{anchor(chosen['locator'])}"
        return self.page(
            request,
            language,
            "report.html",
            whole=whole,
            report=whole.report,
            layout=lay_out(whole.report["form"], whole.observations, whole.failed),
            chosen=self._explained(whole, chosen) if chosen else None,
            source=source,
        )

    def cell(self, request: Request, language: Language, report_id: str, cell: str) -> Response:
        """What is known of one figure of a report, as a part of its page."""
        whole = queries.whole(self.store, report_id)
        chosen = whole.observation(cell)
        if chosen is None:
            raise queries.NotThereError(f"report {report_id[:40]} has no {cell[:80]}")
        return self.page(request, language, "cell.html", report=whole.report, chosen=self._explained(whole, chosen))

    def _explained(self, whole: queries.Whole, chosen: Row) -> dict[str, Any]:
        """An observation with the checks that it takes part in, its issues and its line on the form."""
        keys = checks_with(chosen, whole.observations)
        own = (chosen["indicator"], chosen["breakdown"])
        return {
            "row": chosen,
            "line": line_of(chosen),
            "checks": [
                one
                for one in whole.checks
                if (one["rule"], one["indicator"], one["breakdown"]) in keys
                or (one["indicator"], one["breakdown"]) == own
            ],
            "issues": [one for one in whole.issues if one["locator"] and one["locator"] == chosen["locator"]],
        }

    def view(self, request: Request, language: Language, document_id: str, report: str = "") -> Response:
        """The frame that shows a document."""
        base = f"/{language}/reports/"
        marks = marks_of(self.store, document_id, report, base) if report else []
        found = self.viewer.show(document_id, marks, base, f"/documents/{document_id}/pages")
        answer = self.page(request, language, "frame.html", view=found, title=document_id[:12])
        answer.headers["Content-Security-Policy"] = FRAME_POLICY
        answer.headers["Cache-Control"] = "private, max-age=600"
        return answer

    def image(self, document_id: str, page: int) -> Response:
        """The picture of a page of a document."""
        content = self.viewer.image(document_id, page)
        return Response(content, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


def limited(**values: str) -> None:
    """UsageError where a value of an address is longer than any that could be meant."""
    for name, value in values.items():
        if len(value) > 4 * selections.LONGEST:
            raise UsageError(f"{name} has more than {4 * selections.LONGEST} characters")


def named(codes: list[str], unknown: str) -> dict[str, str]:
    """Names of places by code, each once: where two have one name, their codes tell them apart."""
    found = {code: summaries.place_name(code) or unknown for code in codes}
    twice = [name for name, count in Counter(found.values()).items() if count > 1]
    return {code: f"{name} {code}" if name in twice else name for code, name in found.items()}


@functools.cache
def _columns(table: str) -> dict[str, tuple[str, str]]:
    return {one.name: (one.zh, one.name.replace("_", " ")) for one in schema.columns(table)}


def column(language: str, name: str, table: str = "reports") -> str:
    """What a column of a table is called, as in the codebook."""
    zh, en = _columns(table).get(name, (name, name.replace("_", " ")))
    return zh if language == "zh" else en[:1].upper() + en[1:]


def marks_of(store: Store, document_id: str, report_id: str, base: str) -> list[Mark]:
    """The places in a document that a report's rows point at."""
    found = []
    for row in queries.of_report(store, "observations", report_id):
        if row["document_id"] == document_id and row["locator"]:
            key = f"{row['indicator']}.{row['breakdown']}"
            says = f"{row['indicator']} · {row['breakdown']} = {plain(row['value']) or row['status']}"
            found.append(Mark(row["locator"], "value", f"{base}{report_id}?cell={key}#o-{key}", says))
    for row in queries.of_report(store, "figures", report_id):
        if row["document_id"] == document_id and row["locator"]:
            found.append(Mark(row["locator"], "figure", f"{base}{report_id}#figures", row["phrase"]))
    for row in queries.of_report(store, "issues", report_id):
        if row["document_id"] == document_id and row["locator"]:
            found.append(Mark(row["locator"], "issue", f"{base}{report_id}#issues", f"{row['code']}: {row['message']}"))
    for row in queries.of_report(store, "sections", report_id):
        if row["document_id"] == document_id and row["locator"]:
            address = f"{base}{report_id}#s-{row['section']}"
            found.append(Mark(row["locator"], "section", address, row["title"] or row["section"]))
    return found
