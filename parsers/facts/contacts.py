"""The office's telephone and e-mail as the report gives them, and texts without any contacts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import regex

from parsers.document import Cell, Paragraph
from parsers.facts.lines import Line, Page, Together, fold, line_of
from parsers.facts.rules import Pattern, load, pattern
from parsers.frozen import frozen
from parsers.records import Issue

_GAP = 24
_SHORT = 5
_MARKS = (
    *"话話邮郵箱@＠",
    "致电",
    "致電",
    "请联系",
    "请与",
    "联系方式",
    "聯繫方式",
    "mail",
    "MAIL",
    "Mail",
    "tel",
    "TEL",
    "Tel",
)
"""What a text that holds a contact at all has one of."""

_BESIDE = tuple("、/,;或")
"""What stands between two numbers, widths made plain."""


@frozen
class Contacts:
    """Telephone and e-mail as published, widths and dashes made plain; empty where none is stated."""

    phone: str = ""
    email: str = ""
    issues: tuple[Issue, ...] = ()


def read(page: Page) -> Contacts:
    """The contacts of the office that answers for the report, from within the article only.

    Paragraphs that say whom to ask come first, then other lines with a label. A dash that the text
    lost is put back where area code and number leave one way only, with an issue. An address
    whose @ is gone stays empty, with an issue; one that writes it as [at] or # is put right, with an issue.
    """
    ranked = _ranked(page)
    issues: list[Issue] = []
    phone = _first_phone(ranked, issues)
    email = _first_email(ranked, issues)
    return Contacts(phone, email, tuple(issues))


def without_contacts(text: str, mark: str = "") -> str:
    """The text without telephone and fax numbers, e-mail addresses and the names of clerks behind their labels.

    `mark` stands for each run of them.
    """
    spans = [*_email_spans(text), *_labelled_numbers(text)]
    spans += [match.span() for match in pattern("contacts", "mask.bare").find(fold(text))]
    spans += [match.span("name") for match in pattern("contacts", "mask.name").find(fold(text))]
    kept, position = [], 0
    for start, end in sorted(spans):
        if start >= position:
            kept.append(text[position:start] + mark)
        position = max(position, end)
    kept.append(text[position:])
    return "".join(kept)


def _ranked(page: Page) -> list[Line]:
    """The article's lines: those that say whom to ask, then the others, last those of clerks."""
    blocks: list[Paragraph | Cell] = []
    for block in page.article.blocks:
        if isinstance(block, Paragraph):
            blocks.append(block)
        else:
            blocks += [cell for cell in block.cells if len(cell.text) > _SHORT]
    first: list[Line] = []
    second: list[Line] = []
    last: list[Line] = []
    for at in sorted(Together([block.text for block in blocks]).holding(_MARKS)):
        item = line_of(blocks[at].text.replace("\n", " "), blocks[at].locator)
        if pattern("contacts", "footer").search(item.folded) is not None:
            continue
        if pattern("contacts", "weak").search(item.folded) is not None:
            last.append(item)
        elif pattern("contacts", "cue").search(item.folded) is not None:
            first.append(item)
        else:
            second.append(item)
    return [*first, *second, *last]


def _first_phone(ranked: Sequence[Line], issues: list[Issue]) -> str:
    doubt: Issue | None = None
    odd = ""
    for line in ranked:
        for label in (*pattern("contacts", "phone_label").find(line.folded), *_unlabelled(line)):
            near = line.folded[label.end() : label.end() + _GAP + 16]
            match = _whole(near) or _whole_behind(line.folded, label.end())
            if match is not None:
                number, repaired = _number(match)
                if repaired:
                    issues.append(_issue("phone_repaired", "info", f"dash put back: {number}", match.group(), line))
                return number
            broken = pattern("contacts", "broken_number").match(line.folded[label.end() : label.end() + _GAP])
            if broken is not None and doubt is None:
                doubt = _issue("phone_damaged", "warning", "no whole telephone number", broken.group(), line)
                unusual = pattern("contacts", "unusual_number").match(line.folded[label.end() :])
                odd = f"{unusual['area']}-{unusual['local']}" if unusual is not None else ""
    if odd and doubt is not None:
        issues.append(replace(doubt, code="phone_unusual", message="a telephone number that no exchange gives out"))
        return odd
    if doubt is not None:
        issues.append(doubt)
    return ""


def _whole(text: str) -> regex.Match[str] | None:
    return pattern("contacts", "number").match(text)


def _whole_behind(text: str, at: int) -> regex.Match[str] | None:
    """The whole number that stands beside a short one, such as that of a hotline: 023-12360、023-67709720."""
    broken = pattern("contacts", "broken_number").match(text[at : at + _GAP])
    if broken is None:
        return None
    behind = text[at + broken.end() : at + broken.end() + _GAP + 16].lstrip()
    return _whole(behind[1:].lstrip()) if behind[:1] in _BESIDE else None


def _unlabelled(line: Line) -> Iterator[regex.Match[str]]:
    """Where an office's number begins that stands in a bracket behind its name."""
    if "(" in line.folded and "联系" in line.folded:
        yield from pattern("contacts", "unlabelled").find(line.folded)


def _number(match: regex.Match[str]) -> tuple[str, bool]:
    """A telephone number in one spelling, and whether its dash had to be put back."""
    area, local = match.group("area"), match.group("local")
    extension = "".join((match.group("extension") or "").replace("—", "-").split())
    if area is None:
        return _plain(match) + extension, False
    local = "".join(local.split())
    lost = match.group("dash") == "" and ")" not in match.group()
    if lost and not _fits(area, local):
        return area + local + extension, False
    return f"{area}-{local}{extension}", lost


def _plain(match: regex.Match[str]) -> str:
    return "".join((match.group("plain") or match.group("mobile") or match.group("short") or "").split())


def _fits(area: str, local: str) -> bool:
    return any(code.fullmatch(area) is not None and len(local) in lengths for code, lengths in _areas())


def _first_email(ranked: Sequence[Line], issues: list[Issue]) -> str:
    doubt: Issue | None = None
    for line in ranked:
        match = pattern("contacts", "email").search(line.folded)
        if match is not None:
            return "".join(match.group().split())
        disguised = pattern("contacts", "disguised_email").search(line.folded)
        if disguised is not None:
            address = f"{disguised['user']}@{_host(disguised)}"
            issues.append(_issue("email_repaired", "info", f"read as {address}", disguised.group(), line))
            return address
        broken = pattern("contacts", "broken_email").search(line.folded)
        if broken is not None and doubt is None:
            doubt = _issue("email_damaged", "warning", "an e-mail address without its @", broken.group(), line)
    if doubt is not None:
        issues.append(doubt)
    return ""


def _host(match: regex.Match[str]) -> str:
    return pattern("contacts", "dot").remove("".join(match.group("host").split()), ".")


def _email_spans(text: str) -> Iterator[tuple[int, int]]:
    folded = fold(text)
    for key in ("email", "disguised_email", "broken_email"):
        yield from (match.span() for match in pattern("contacts", key).find(folded))


def _labelled_numbers(text: str) -> Iterator[tuple[int, int]]:
    """The spans of all numbers behind labels of telephones, several behind one label too."""
    folded = fold(text)
    for label in pattern("contacts", "mask.label").find(folded):
        position = label.end()
        while True:
            rest = folded[position : position + 40]
            match = pattern("contacts", "number").match(rest) or pattern("contacts", "broken_number").match(rest)
            if match is None:
                break
            yield position, position + match.end()
            position += match.end()
            more = pattern("contacts", "mask.more").match(folded[position : position + 8])
            if more is None:
                break
            position += more.end()


@cache
def _areas() -> tuple[tuple[Pattern, tuple[int, ...]], ...]:
    areas = load("contacts")["area"]
    return tuple((Pattern(area["code"], where="contacts.toml"), tuple(area["local"])) for area in areas)


def _issue(code: str, severity: str, message: str, raw: str, line: Line) -> Issue:
    return Issue(code=code, severity=severity, message=message, raw=raw, locator=line.locator)
