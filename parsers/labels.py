"""What the words in a table mean to a form: its lines, columns, groups and header words by key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

import regex
from rapidfuzz import fuzz, process

from parsers.align import BETWEEN, guards, opposed, similarity
from parsers.characters.sought import Sought, sought
from parsers.characters.widths import DIGITS_TO_ASCII, match_key, squeeze, strip_serial
from parsers.forms import Form, Line, forms
from parsers.frozen import frozen

_PARENTHESIS = regex.compile(r"\([^()]*\)$")
# Latin, Cyrillic, Arabic, Tibetan, Mongolian, Korean: the other language of a bilingual page.
_LETTERS = r"A-Za-z\u00c0-\u024f\u0400-\u04ff\u0600-\u06ff\u0f00-\u0fff\u1100-\u11ff\u1800-\u18af\uac00-\ud7af"
_FOREIGN = regex.compile(rf"[(（\[]?\s*[{_LETTERS}][{_LETTERS}\s.,'’&/()\-]*[)）\]]?")
# Signs before a label that list nothing, and behind one that end nothing; marks of notes; lines that lead to a figure.
_ORNAMENT = regex.compile(
    r"^[\s*＊※★☆●○◆◇■□▲△►▶➢·•\-–—_#§>＞→~～]+"
    r"|(?:[\s*＊※★☆;；:：,，、.．。…·_—-]|[\[［【〔〈(（][0-9a-z注*①-⑳][\]］】〕〉)）]|[①-⑳⁰¹²³⁴-⁹])+$"
)
_ENDING = regex.compile("(?:情况|数量|件数|数)$")
ENDING = "数"
"""What the labels of lines end with on one page and not on the other."""

_IN_PARENTHESIS = regex.compile(r"(.+)[(（]([^()（）]+)[)）]")
_PARTING = regex.compile(r"[-/:：·—–→>(（]+")

LONGEST = 60
VARIANTS = 64
"""A label of more characters is not tried in other spellings, nor in more of them."""

SIMILAR_COLUMN = 75.0
"""Ratio from which a misprinted column label counts by itself."""

APART = 20.0
"""Distance by which a less similar column label must lead the next one."""


@frozen
class Key:
    """A label prepared for matching: without its serial, and without a closing parenthesis."""

    full: str
    short: str
    serial: str


@lru_cache(maxsize=16384)
def label_key(text: str) -> Key:
    """The key of a label as published; its serial (一、 （三） 2.) apart."""
    serial, rest = strip_serial(text)
    full = match_key(rest)
    short = _PARENTHESIS.sub("", full)
    return Key(full, short or full, match_key(serial))


@frozen
class Meaning:
    """What a text can be in a form; everything empty when the form does not know it.

    `lines` are indexes into `Index.lines`, `exact` is False when only an alias matched.
    `columns` are (section, breakdown). `word` is header, unit_header, serial_header, other_column,
    unit, note, group, subtotal, column_number or "". `under` are lines that the label of a column names
    before its own words.
    """

    lines: tuple[int, ...] = ()
    exact: bool = True
    columns: tuple[tuple[str, str], ...] = ()
    word: str = ""
    under: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines or self.columns or self.word)


NOTHING = Meaning()

MOST_KNOWN = 65536
"""Texts whose meaning to a form is kept."""


class _Known(dict[str, Meaning]):
    """What texts mean, looked up once; to ask for a known one takes no call of Python's."""

    def __init__(self, look: Callable[[str], Meaning]) -> None:
        super().__init__()
        self._look = look

    def __missing__(self, text: str) -> Meaning:
        found = self._look(text)
        if len(self) < MOST_KNOWN:
            self[text] = found
        return found


def _spellings(text: str) -> Iterator[str]:
    """Other spellings of a label: without ornaments and words in other letters, and with what was misread put right."""
    serial, rest = strip_serial(_ORNAMENT.sub("", text))
    bare = serial + _ORNAMENT.sub("", rest)
    if bare and bare != text:
        yield bare
    plain = _FOREIGN.sub("", bare).strip()
    if plain and plain != bare:
        yield plain
    if len(plain) < 2:
        return
    if (ending := _ENDING.search(plain)) and ending.start() > 1:
        yield plain[: ending.start()]
    yield plain + ENDING
    for foreign, own in guards().phrases:
        if foreign in plain:
            yield plain.replace(foreign, own)
    rights = _rights()
    if not rights.keys().isdisjoint(plain):
        options = [(letter, *rights.get(letter, ())) for letter in plain]
        yield from map("".join, islice(product(*options), 1, VARIANTS))


@lru_cache(maxsize=1)
def _rights() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for wrong, right in guards().confused:
        found[wrong] = (*found.get(wrong, ()), right)
    return found


class Index:
    """The labels of one form by key. Made once for each form and never changed after."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.lines: tuple[Line, ...] = tuple(line for section in form.sections for line in section.lines)
        self._by_indicator = {line.indicator: i for i, line in reversed([*enumerate(self.lines)])}
        self.position = {(line.section, line.indicator): i for i, line in enumerate(self.lines)}
        self.parents = tuple(self._ancestors(i) for i in range(len(self.lines)))
        self.has_children = tuple(any(i in above for above in self.parents) for i in range(len(self.lines)))
        self.keys: tuple[tuple[str, ...], ...] = tuple(
            tuple(dict.fromkeys(label_key(text).full for text in line.labels)) for line in self.lines
        )
        self._known = [key for keys in self.keys for key in keys]
        self._owners = [i for i, keys in enumerate(self.keys) for _ in keys]
        self.serials = tuple(label_key(line.serial + line.label).serial for line in self.lines)
        self._exact: dict[str, list[int]] = {}
        self._alias: dict[str, list[int]] = {}
        for i, keys in enumerate(self.keys):
            self._exact.setdefault(keys[0], []).append(i)
            for key in keys[1:]:
                self._alias.setdefault(key, []).append(i)
        self._columns: dict[str, list[tuple[str, str]]] = {}
        self._patterns: list[tuple[Sought, tuple[str, str]]] = []
        for section in form.sections:
            for column in section.columns:
                if column.pattern:
                    pattern = sought(regex.compile(column.pattern))
                    self._patterns.append((pattern, (section.name, column.breakdown)))
                for text in column.labels:
                    places = self._columns.setdefault(match_key(text), [])
                    if (section.name, column.breakdown) not in places:
                        places.append((section.name, column.breakdown))
        self._words: dict[str, str] = {}
        for section in form.sections:
            words = (
                ("header", section.label_headers),
                ("header", tuple(group for column in section.columns for group in column.groups)),
                ("header", tuple(group for line in section.lines for group in line.groups)),
                ("other_column", section.other_columns),
                ("unit_header", section.unit_headers),
                ("serial_header", section.serial_headers),
                ("note", section.notes),
                ("group", tuple(text for block in section.blocks for text in block.labels)),
            )
            for kind, texts in words:
                for word in texts:
                    self._words.setdefault(match_key(word), kind)
        for line in self.lines:
            for unit in line.units:
                if any(c.isalnum() for c in unit):
                    self._words.setdefault(match_key(unit), "unit")
        for word in guards().subtotals:
            self._words.setdefault(word, "subtotal")
        for word in guards().column_numbers:
            self._words.setdefault(word, "column_number")
        for word in guards().other_columns:
            self._words.setdefault(match_key(word), "other_column")
        self._cache = _Known(self._look)
        self.meaning: Callable[[str], Meaning] = self._cache.__getitem__
        """What a text is to this form, exact labels and aliases only."""
        self.cell_meaning: Callable[[str], Meaning] = _Known(self._look_at_cell).__getitem__
        """The same of the text of one cell, which may be spelt otherwise, or name a line before a column."""
        self._likenesses: dict[tuple[str, float], list[tuple[float, int, bool]]] = {}

    def position_of(self, indicator: str) -> int:
        """The index of an indicator's line."""
        return self._by_indicator[indicator]

    def _ancestors(self, index: int) -> frozenset[int]:
        found: set[int] = set()
        line = self.lines[index]
        while line.parent:
            at = self.position.get((line.section, line.parent))
            if at is None or at in found:
                break
            found.add(at)
            line = self.lines[at]
        return frozenset(found)

    def _look_at_cell(self, text: str) -> Meaning:
        found = self._cache[text]
        if len(text) > LONGEST or text.isascii():
            return found
        if found.lines and text[-1:] in ")）" and (parted := _IN_PARENTHESIS.fullmatch(text)):
            return self._joined((parted[1], parted[2])) or found
        if found:
            return found
        spelled = next(filter(None, map(self._look, _spellings(text))), NOTHING)
        return spelled or next(filter(None, map(self._joined, self._parted(text))), NOTHING)

    def _joined(self, label: tuple[str, str]) -> Meaning:
        """What a label means that holds those of a line or group of columns, and of a column: 行政复议-结果维持."""
        group, column = map(self._look, label)
        if column.columns and group.word == "header":
            return Meaning(columns=column.columns)
        for line in group.lines:
            own = self.lines[line]
            if self.form.section(own.section).layout == "across":
                places = tuple(place for place in column.columns if place[0] == own.section)
                if places:
                    return Meaning(columns=places, under=(line,))
        return NOTHING

    def _parted(self, text: str) -> Iterator[tuple[str, str]]:
        """A label cut where a sign parts it, or before the words of a column."""
        for sign in _PARTING.finditer(text):
            yield text[: sign.start()], text[sign.end() :].rstrip(")）")
        key = match_key(text)
        for known in self._columns:
            if len(known) > 1 and key.endswith(known):
                yield key[: -len(known)], known

    def _look(self, text: str) -> Meaning:
        key = label_key(text)
        whole = match_key(text)
        if not whole:
            return NOTHING
        columns = tuple(self._columns.get(key.full) or self._columns.get(whole) or ())
        if not columns and len(whole) < 40:
            plain = squeeze(text).translate(DIGITS_TO_ASCII).replace(" ", "")
            bare = _PARENTHESIS.sub("", plain.replace("（", "(").replace("）", ")"))
            columns = tuple(place for pattern, place in self._patterns if pattern.fullmatch(bare))
        if not columns and key.short != key.full:
            columns = tuple(self._columns.get(key.short, ()))
        lines, exact = self._lines_of(whole, key)
        word = self._words.get(whole) or self._words.get(key.full, "")
        if not word and key.short != key.full:
            word = self._words.get(key.short, "")
        return Meaning(lines, exact, columns, word) if lines or columns or word else NOTHING

    def _lines_of(self, whole: str, key: Key) -> tuple[tuple[int, ...], bool]:
        for text in dict.fromkeys((key.full, whole, key.short)):
            exact, alias = self._exact.get(text, ()), self._alias.get(text, ())
            if exact or alias:
                return tuple(dict.fromkeys((*exact, *alias))), bool(exact)
        return (), True

    def similar(self, text: str, least: float) -> list[tuple[float, int, bool]]:
        """Lines at least so like a text, best first: (score, line, allowed by the guards)."""
        known = self._likenesses.get((text, least))
        if known is None:
            known = self._similar(text, least)
            if len(self._likenesses) < 4096:
                self._likenesses[text, least] = known
        return known

    def _similar(self, text: str, least: float) -> list[tuple[float, int, bool]]:
        key = label_key(text)
        best: dict[int, tuple[float, bool]] = {}
        for own in (key.full, key.short) if key.short != key.full else (key.full,):
            for known, score, at in process.extract(
                own, self._known, scorer=fuzz.ratio, score_cutoff=least, limit=None
            ):
                line = self._owners[at]
                if line not in best or score > best[line][0]:
                    best[line] = (score, not opposed(own, known))
        return sorted(((score, line, allowed) for line, (score, allowed) in best.items()), key=lambda e: (-e[0], e[1]))

    def similar_column(self, text: str, section: str, among: Sequence[str]) -> str:
        """The breakdown of a section, of those given, whose label a text is most likely to be; "" when none is."""
        key = label_key(text).full
        scores = []
        for column in self.form.section(section).columns:
            if column.breakdown in among:
                known = [label_key(label).full for label in column.labels]
                likeness = max(0.0 if opposed(key, label) else similarity(key, label) for label in known)
                scores.append((likeness, column.breakdown))
        scores.sort(reverse=True)
        if not scores:
            return ""
        best, second = scores[0][0], scores[1][0] if len(scores) > 1 else 0.0
        return scores[0][1] if best >= SIMILAR_COLUMN or (best >= BETWEEN and best - second >= APART) else ""

    def hits(self, texts: Iterable[str], *, cells: bool = False) -> tuple[set[str], set[tuple[str, str]]]:
        """The lines' and columns' keys that texts name, those of a table's cells or any; generic words aside."""
        lines: set[str] = set()
        columns: set[tuple[str, str]] = set()
        generic, meaning_of = guards().generic, self.cell_meaning if cells else self.meaning
        for text in texts:
            meaning = meaning_of(text)
            if meaning is NOTHING or (not meaning.lines and not meaning.columns):
                continue
            key = label_key(text).full
            if key in generic:
                continue
            if meaning.lines or meaning.under:
                lines.add(key)
            columns.update(meaning.columns)
        return lines, columns


@lru_cache(maxsize=1)
def indexes() -> tuple[Index, ...]:
    """The index of every form that has lines."""
    return tuple(Index(form) for form in forms() if any(section.lines for section in form.sections))
