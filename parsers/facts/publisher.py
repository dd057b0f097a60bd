"""The body that publishes a report, weighed from all the places that name one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from parsers.facts import bodies, metadata
from parsers.facts.lines import Line, Page, clean, fold, squeeze
from parsers.facts.rules import Pattern, load, pattern
from parsers.facts.title import Title
from parsers.frozen import frozen
from parsers.records import Issue

_PREAMBLE = 14
_HEAD = 8
_TAIL = 30
_LONGEST = 2000
_SHORTEST = 4
_DATE = 20
_PATH = 120
_DATE_STARTS = frozenset("0123456789二(（")
_CENTURIES = ("19", "20")


@frozen
class Publisher:
    """The publisher as normalised text and as published, with its type; empty where nobody is named."""

    name: str = ""
    raw: str = ""
    body_type: str = ""
    issues: tuple[Issue, ...] = ()


@frozen
class Candidate:
    """A name at one place: `place` is a key of `[weights]` in `publisher.toml`."""

    name: str
    raw: str
    place: str
    weight: float
    locator: str = ""


def read(page: Page, title: Title, fields: Sequence[metadata.Field]) -> Publisher:
    """The publisher: the name of most weight, made fuller where a place in the title is one body elsewhere.

    Names that cannot stand for the same body and come from places of weight are an issue with all
    candidates; so is a name that only the site gives.
    """
    candidates = sorted(_candidates(page, title, fields), key=lambda item: -item.weight)
    if not candidates:
        return Publisher()
    chosen = candidates[0]
    if not bodies.is_organ(chosen.name) or bodies.is_place(chosen.name):
        chosen = _fuller(chosen, candidates)
    if chosen.place == "contact":
        chosen = _head_of(chosen, candidates)
    chosen = _in_full(_in_area(chosen, candidates), page)
    return Publisher(chosen.name, chosen.raw, bodies.body_type(chosen.name), tuple(_issues(chosen, candidates)))


def of_title(text: str) -> str:
    """The body that a title names: what is left without year and the words of a report; "" if nothing."""
    short = fold(squeeze(text))
    tail = pattern("publisher", "patterns.title_tail").match(short)
    if tail is None:
        return ""
    left = pattern("publisher", "patterns.title_kind").remove(tail.group("left"))
    if left.endswith("人民"):
        left += "政府"
    about = pattern("publisher", "patterns.title_about").match(left)
    if about is not None:
        left = about.group(1)
    left = pattern("publisher", "patterns.period_in_title").remove(left)
    year = pattern("publisher", "patterns.year").search(left)
    if year is not None and year.start() and left[year.end() :] in left[: year.start()]:
        # 海关总署2010年海关信息公开: what stands behind the year repeats a word of the name.
        left = left[: year.start()]
    left = pattern("publisher", "patterns.year").remove(left)
    left = left.replace("()", "")
    name = bodies.name_of(pattern("bodies", "names.edges").remove(left).strip("《》"))
    behind = pattern("publisher", "patterns.title_bracket").search(short)
    if behind is None or not bodies.is_organ(behind.group(1)):
        return name
    return _in_bracket(name, bodies.name_of(behind.group(1)))


def _in_bracket(name: str, behind: str) -> str:
    """The body that a title names before its words, or in a bracket behind them: 云岭县…年度报告（水利局）."""
    if not name or behind.startswith(name):
        return behind
    if not bodies.is_place(name) or bodies.is_organ(name) or bodies.body_type(behind) != "department":
        return name
    return name + behind.removeprefix(name[-1])


def _candidates(page: Page, title: Title, fields: Sequence[metadata.Field]) -> Iterator[Candidate]:
    name = of_title(title.text)
    if name:
        yield from _candidate(name, _raw_of(name, title.raw), "title", title.locator)
    for field in fields:
        yield from _of_field(field)
    yield from _of_prose([line for line in page.own if line.prose or len(line.text) > 25][:_PREAMBLE])
    yield from _signatures(page.own)
    yield from _of_site(page)
    yield from _of_place(page, title)


def _of_place(page: Page, title: Title) -> Iterator[Candidate]:
    """Names told by where they stand: the last line, the line above the title, the path of columns."""
    if page.own and len(page.own) > _HEAD and len(page.own[-1].text) <= 30 and bodies.is_organ(page.own[-1].key):
        yield from _candidate(page.own[-1].text, page.own[-1].text, "closing", page.own[-1].locator)
    key = fold(squeeze(title.text))
    for above, line in pairwise((*page.before, *page.own[:_HEAD])):
        if key and line.key == key and bodies.is_organ(above.key) and not (above.linked or above.aside):
            yield from _candidate(above.text, above.text, "above", above.locator)
    for line in page.before:
        if any(map(line.folded.__contains__, ">»›→")) and len(line.text) <= _PATH:
            names = pattern("publisher", "patterns.path").remove(line.folded, "\n").split("\n")
            organs = [name for name in map(squeeze, names) if bodies.is_organ(name)]
            if organs:
                yield from _candidate(organs[-1], organs[-1], "column", line.locator)


def _of_field(field: metadata.Field) -> Iterator[Candidate]:
    meta = field.origin == "meta"
    places = {
        "publisher": "department" if meta else ("field" if not field.generic else "source"),
        "source": "origin" if meta or field.generic else "source",
        "author": "author",
        "site": "site",
    }
    place = places.get(field.name)
    if place is not None and not (field.aside and field.origin != "meta"):
        value = field.value if bodies.is_organ(fold(squeeze(field.value))) else field.value.split(" ")[0]
        yield from _candidate(value, value, place, field.locator)


def _of_prose(preamble: Sequence[Line]) -> Iterator[Candidate]:
    for line in preamble:
        text = line.key[:_LONGEST]
        for place in ("statement", "contact"):
            if not any(map(text.__contains__, load("publisher")["needs"][place])):
                continue
            for own_needs, rule in _rules(place):
                for match in rule.find(text) if any(map(text.__contains__, own_needs)) else ():
                    raw = match.group("name")
                    yield from _candidate(bodies.without_inner_office(raw), raw, place, line.locator)
        opening = pattern("publisher", "patterns.opening").match(text) if text[:2] in _CENTURIES else None
        if opening is not None:
            yield from _candidate(opening.group("name"), opening.group("name"), "opening", line.locator)


def _signatures(own: Sequence[Line]) -> Iterator[Candidate]:
    """Names over a date, in the last lines of the article or right below its title."""
    ends = [*range(min(_HEAD, len(own))), *range(max(_HEAD, len(own) - _TAIL), len(own))]
    for index in ends:
        text = own[index].key
        date = _date_line(text)
        if date:
            before = own[index - 1] if index else None
            if before is not None and len(before.text) <= 40 and bodies.is_organ(before.key):
                yield from _candidate(before.text, before.text, "signature", before.locator)
            continue
        for cut in range(max(4, len(text) - _DATE), min(len(text) - 6, 40)):
            if text[cut] in _DATE_STARTS and _date_line(text[cut:]) and bodies.is_organ(text[:cut]):
                yield from _candidate(text[:cut], own[index].text, "signature", own[index].locator)
                break
    for line in own[1:_HEAD]:
        if line.align in ("center", "right") and bodies.is_organ(line.key) and len(line.text) <= 30:
            yield from _candidate(line.text, line.text, "signature", line.locator)


def _of_site(page: Page) -> Iterator[Candidate]:
    parts = pattern("title", "separators").remove(clean(page.document.title), "\n").split("\n")
    for part in parts[1:] if len(parts) > 1 else ():
        if bodies.is_organ(fold(squeeze(part))):
            yield from _candidate(part, clean(part), "heading", "")
    needs = load("publisher")["needs"]["footer"]
    for line in page.after[-_TAIL:]:
        if not any(map(line.folded.__contains__, needs)):
            continue
        match = pattern("publisher", "patterns.footer").search(line.folded)
        if match is not None:
            yield from _candidate(match.group("name"), match.group("name"), "footer", line.locator)


def _candidate(text: str, raw: str, place: str, locator: str) -> Iterator[Candidate]:
    data = load("publisher")
    name = bodies.name_of(text)
    if not name:
        return
    weight = float(data["weights"][place])
    if not bodies.is_organ(name) and not bodies.is_place(name):
        if place != "title" and (place != "field" or len(name) < _SHORTEST):
            return
        weight *= data["limits"]["unsure"]
    yield Candidate(name, clean(raw), place, weight, locator)


def _fuller(chosen: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """The government or office of the place that is named, where a field or signature says which."""
    for other in candidates:
        if other.place in ("field", "signature") and bodies.organ_of(other.name, chosen.name):
            return other
    return chosen


def _in_area(chosen: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """The full name of a body that is called as within its area, where another place says it: 海丰县教育局.

    Of 市政府办 alone the government is the full name as well.
    """
    if pattern("bodies", "names.local").search(chosen.name) is None:
        return chosen
    own = _plain(chosen.name)
    for short in dict.fromkeys((chosen.name, own, own.removesuffix("办"))):
        for other in candidates:
            if other.name != chosen.name and any(
                full != short and full.endswith(short) for full in (other.name, _plain(other.name))
            ):
                return other
    return chosen


def _plain(name: str) -> str:
    """A name as its own area says it in short: 泰州市政府办."""
    return name.replace("人民政府", "政府").replace("办公室", "办").replace("办公厅", "办")


def _in_full(chosen: Candidate, page: Page) -> Candidate:
    """The full name of a body that the report says to call by the chosen one from there on."""
    calls = [f"简称{mark}{chosen.name}" for mark in ("“", "", '"', "‘", "「", ":", "为")]
    for line in page.own[:_PREAMBLE]:
        if "简称" not in line.key or not any(map(line.key.__contains__, calls)):
            continue
        for match in pattern("publisher", "patterns.short_for").find(line.key):
            name = bodies.name_of(match.group("name"))
            if bodies.name_of(match.group("short")) == chosen.name and bodies.is_organ(name):
                return replace(chosen, name=name, raw=match.group("name"))
    return chosen


def _head_of(chosen: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """The government whose office answers questions, where the line above the title names that government itself."""
    stem = pattern("publisher", "patterns.office").remove(chosen.name)
    named = any(other.place == "above" and stem.endswith(other.name) for other in candidates)
    return replace(chosen, name=stem) if stem != chosen.name and named else chosen


def _issues(chosen: Candidate, candidates: Sequence[Candidate]) -> Iterator[Issue]:
    limits = load("publisher")["limits"]
    heavy = [item for item in candidates if item.weight >= limits["conflict"]]
    others = [item for item in heavy if not bodies.same(item.name, chosen.name)]
    if others:
        names = dict.fromkeys(f"{item.name} ({item.place})" for item in (chosen, *others))
        yield Issue(
            code="publisher_conflict",
            severity="warning",
            message="candidates: " + "; ".join(names),
            raw=others[0].raw,
            locator=others[0].locator,
        )
    if chosen.weight <= limits["doubt"]:
        yield Issue(
            code="publisher_from_site",
            severity="warning",
            message=f"only the site names a body: {chosen.name}",
            raw=chosen.raw,
            locator=chosen.locator,
        )


def _raw_of(name: str, raw: str) -> str:
    """The name as the title prints it, or the name itself when a year stands within."""
    printed = squeeze(raw)
    at = fold(printed).find(name)
    return printed[at : at + len(name)] if at >= 0 else name


def _date_line(text: str) -> bool:
    if len(text) > _DATE or text[:1] not in _DATE_STARTS:
        return False
    return pattern("publisher", "patterns.date_line").match(text) is not None


@cache
def _rules(place: str) -> tuple[tuple[tuple[str, ...], Pattern], ...]:
    """The patterns of a place, each with the words of which a text must hold one."""
    rules = load("publisher")["patterns"][place]
    return tuple((tuple(rule["needs"]), Pattern(rule["pattern"], where="publisher.toml")) for rule in rules)
