"""The text of a page as lines, and the inline elements that hide, mark or link parts of it.

Inline elements are ranges of text, not nodes: where they cut a word or a number nothing changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.readers.appearance import PLAIN, Look, look_of
from parsers.readers.flow import Element, Extras, Item, Line, Remark, Setting

HIDE, DELETED, NOTE, READING, BOLD, LINK, NAMED, SELECT, TINY, REVEAL, FAINT, MARK = (1 << bit for bit in range(12))

_UNSHOWN = HIDE | DELETED | READING | SELECT | TINY
_HIDDEN = frozenset(("noscript", "datalist", "xml", "audio", "video", "canvas"))
_SILENT = _HIDDEN | {"title", "textarea", "noembed", "noframes"}
_MEANING = {
    "b": BOLD, "strong": BOLD, "s": DELETED, "strike": DELETED, "del": DELETED, "sup": NOTE, "sub": NOTE,
    "rt": READING,
    "rp": READING, "select": SELECT, "small": MARK,
} | dict.fromkeys(_HIDDEN, HIDE)  # fmt: skip
# HTML Living Standard, 13.2.4.2: these go on behind a block that ends before them.
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_KNOWN = _FORMATTING | frozenset(
    "abbr acronym applet area audio base basefont bdi bdo bgsound blink br button canvas cite col colgroup data "
    "datalist del dfn embed frame frameset head html iframe image img ins kbd keygen label link map mark marquee "
    "math meta meter multicol noembed noframes noscript object optgroup option output param picture plaintext progress "
    "q rb rp rt rtc ruby samp script select slot source spacer span style sub sup svg template textarea time title "
    "track var video wbr xml xmp tbody thead tfoot caption td th tr".split()
)
_NOTE_MARK = re.compile(r"[\[［(（〔【]?[注註]?[0-9０-９①-⑳⑴-⒇*＊※†‡]{1,3}[\])）］〕】]?|[\[［]?[注註][\]］]?")
_DIGITS = frozenset("0123456789０１２３４５６７８９")
_TO_NOTE = re.compile(r"#_?(?:ftn|edn|fn|footnote|endnote|note|cite|zhu)[\w.-]*")
_MARK_LENGTH = 12
_NAMED_LENGTH = 200


@dataclass(slots=True, eq=False)
class _Inline:
    """An open inline element that does something to its text. `depth`: blocks open when it began. `covered`: how many
    of those around it, that give their text no size, it overrules."""

    name: str
    flags: int
    start: int
    piece: int
    depth: int
    value: str
    box: int
    nested: int = 0
    covered: int = 0


class Lines:
    """The state of a page's text while it is read: the line that is open, and what is open within it."""

    def __init__(self, hidden_names: frozenset[str], marks: frozenset[str]) -> None:
        """`marks` are the attributes of elements whose digits may be the mark of a note."""
        self.hidden_names = hidden_names
        self.marks = marks
        self.looks: dict[str, Look] = {"": PLAIN}
        self.pieces: list[str] = []
        self.position = 0
        self.names = ["html"]
        self.elements = [Element("html", 0, 0, Setting())]
        self.items: list[Item] = []
        self.sink = self.items
        self.line_start = 0
        self.inked = False
        self.extras: Extras | None = None
        self.hidden = 0
        self.hidden_from = 0
        self.bold = 0
        self.bold_from = 0
        self.link_from = -1
        self.inlines: list[_Inline] = []
        self.named: dict[str, list[_Inline]] = {}
        self.option_shown = False
        self.tiny = 0
        self.faint = 0
        self.faint_from = 0
        self.links: list[tuple[str, int, int, int]] = []
        self.meta: list[tuple[str, str]] = []
        self.title = ""
        self.remarks: list[Remark] = []

    def in_cell(self) -> bool:
        """Whether a cell is the innermost part of a table that is open."""
        raise NotImplementedError

    def look(self, attributes: str) -> Look:
        look = self.looks.get(attributes)
        if look is None:
            look = self.looks[attributes] = look_of(attributes, self.hidden_names)
        return look

    # Lines

    def end_line(self) -> None:
        """End the open line, if it holds anything; within hidden parts no line ends."""
        if self.hidden:
            return
        stop = self.position
        if self.inked:
            if self.bold and stop > self.bold_from:
                self.more().bolds.append((max(self.bold_from, self.line_start), stop))
            if self.link_from >= 0 and stop > self.link_from:
                self.more().links.append((max(self.link_from, self.line_start), stop))
            if self.faint and stop > self.faint_from:
                self.more().faints.append((max(self.faint_from, self.line_start), stop))
            element = self.elements[-1]
            owner = element if element.ordinal else self.owner()
            self.sink.append(Line(self.line_start, stop, owner, self.extras))
            self.extras = None
            self.inked = False
        self.line_start = stop

    def more(self) -> Extras:
        if self.extras is None:
            self.extras = Extras()
        return self.extras

    def owner(self) -> Element:
        """The innermost open element that a locator can name."""
        element = self.elements[-1]
        if not element.ordinal:
            return next((element for element in reversed(self.elements) if element.ordinal), self.elements[0])
        return element

    def hide(self) -> None:
        """What comes is not shown, until as many calls of `show`."""
        if not self.hidden:
            self.hidden_from = self.position
        self.hidden += 1

    def show(self) -> None:
        self.hidden -= 1
        if not self.hidden and self.position > self.hidden_from:
            self.cut(self.hidden_from)

    def cut(self, start: int) -> None:
        """Leave the text from `start` up to here out of the line."""
        if self.inked:
            self.more().cuts.append((max(start, self.line_start), self.position))
        else:
            self.line_start = self.position

    def say(self, code: str, message: str, start: int) -> None:
        """A remark on the text from `start` up to here, if there is any."""
        if self.position > start:
            owner = next((e for e in reversed(self.elements) if e.ordinal and e.start <= start), self.elements[0])
            self.remarks.append(Remark(code, "info", message, start, self.position, owner))

    # Inline elements

    def start_inline(self, name: str, attributes: str) -> None:
        flags = _MEANING.get(name, 0)
        value = ""
        if attributes:
            look = self.look(attributes)
            flags |= _flags(look)
            if attributes in self.marks:
                flags |= MARK
            if self.tiny and look.sized and self.hidden == self.tiny:
                flags |= REVEAL
            if look.white is False:
                self.colored()
            if "itemprop" in look.attributes:
                value = "itemprop:" + look.attributes["itemprop"].strip().lower()
                if "content" in look.attributes:
                    self.meta.append((value, look.attributes["content"]))
                else:
                    flags |= NAMED
        if name not in _KNOWN and ":" not in name:
            flags |= NAMED
            value = value or f"element:{name}"
        if name in self.named and flags in (0, BOLD, DELETED) and self.named[name][-1].flags & flags == flags:
            self.named[name][-1].nested += 1
        elif flags:
            self.open_inline(name, flags, value)

    def open_inline(self, name: str, flags: int, value: str = "") -> None:
        box = self.elements[-1].setting.box
        entry = _Inline(name, flags, self.position, len(self.pieces), len(self.names), value, box)
        self.inlines.append(entry)
        self.named.setdefault(name, []).append(entry)
        if flags & REVEAL:
            entry.covered, self.tiny, self.hidden = self.tiny, 0, 1
            self.show()
        if flags & _UNSHOWN:
            self.hide()
            self.tiny += flags & TINY != 0
        if flags & FAINT:
            if not self.faint:
                self.faint_from = self.position
            self.faint += 1
        if flags & BOLD:
            if not self.bold:
                self.bold_from = self.position
            self.bold += 1
        if flags & LINK:
            self.link_from = self.position

    def end_inline(self, name: str, text: str = "") -> None:
        entries = self.named.get(name)
        if not entries:
            return
        entry = entries[-1]
        if entry.nested:
            entry.nested -= 1
        elif entry.depth >= len(self.names) or name in _FORMATTING:
            self.finish(entry)

    def finish(self, entry: _Inline) -> None:
        """An inline element ends: what it does to its text is done."""
        _take_out(self.inlines, entry)
        entries = self.named[entry.name]
        _take_out(entries, entry)
        if not entries:
            del self.named[entry.name]
        flags, start = entry.flags, entry.start
        if flags != LINK:
            self.say_finished(entry)
        if flags & SELECT:
            self.end_option()
        if flags & REVEAL:
            self.conceal(entry)
        if flags & _UNSHOWN:
            self.uncover(entry)
        elif flags & NOTE and not self.hidden and self.is_note_mark(entry):
            self.say("note_mark_dropped", "a note mark is left out", start)
            self.cut(start)
        elif flags & MARK and self.inked and self.in_cell() and not self.hidden and self.is_behind_digits(entry):
            self.more().marks.append((start, self.position))
        if flags & FAINT:
            self.end_faint()
        if flags & BOLD:
            self.bold -= 1
            if not self.bold and self.inked and self.position > self.bold_from:
                self.more().bolds.append((max(self.bold_from, self.line_start), self.position))
        if flags & LINK:
            if self.inked and self.position > self.link_from:
                self.more().links.append((max(self.link_from, self.line_start), self.position))
            self.link_from = -1
            self.links.append((entry.value, start, self.position, entry.box))

    def start_sized(self, name: str, sized: bool) -> None:
        """A block in a cell gives its text a size, or none; that ends with it."""
        if not sized:
            self.open_inline(name, TINY)
        elif self.tiny and self.hidden == self.tiny:
            self.open_inline(name, REVEAL)

    def conceal(self, entry: _Inline) -> None:
        """Text of a size of its own ends within text that has none."""
        if entry.covered:
            self.hide()
            self.hidden += entry.covered - 1
            self.tiny += entry.covered

    def uncover(self, entry: _Inline) -> None:
        """What hides text ends; text of a size of its own within it may go on behind it."""
        if entry.flags & TINY:
            inner = self.inlines[::-1]
            over = next((one for one in inner if one.covered and one.start >= entry.start), None)
            if over is not None and not self.tiny:
                over.covered -= 1
                return
            self.tiny -= 1
        self.show()

    def colored(self) -> None:
        """Text of another colour within white text: what comes can be seen."""
        for entry in self.inlines:
            if entry.flags & FAINT:
                self.end_faint()
                entry.flags &= ~FAINT

    def end_faint(self) -> None:
        self.faint -= 1
        if not self.faint and self.inked and self.position > self.faint_from:
            self.more().faints.append((max(self.faint_from, self.line_start), self.position))

    def say_finished(self, entry: _Inline) -> None:
        """Record what an inline element says of the page, and remark on what is left out with it."""
        flags, start = entry.flags, entry.start
        if flags & NAMED and self.position - start <= 2 * _NAMED_LENGTH:
            text = self.text_within(entry)
            if text and len(text) <= _NAMED_LENGTH:
                self.meta.append((entry.value, text))
        if entry.name == "title" and not self.title:
            self.title = self.text_within(entry)
        elif flags & DELETED:
            self.say("deleted_text", "text that is struck out is left out", start)
        elif flags & READING:
            self.say("pinyin_noise", "a reading aid is left out", start)
        elif flags & (HIDE | TINY) and entry.name not in _SILENT and self.in_cell():
            self.say("hidden_text", "text that the page does not show is left out", start)

    def text_within(self, entry: _Inline) -> str:
        return " ".join("".join(self.pieces[entry.piece :]).split())

    def is_note_mark(self, entry: _Inline) -> bool:
        """A raised text is a note mark when it looks like one; bare digits only behind a digit."""
        if self.position - entry.start > _MARK_LENGTH:
            return False
        mark = "".join(self.pieces[entry.piece :]).strip()
        if not _NOTE_MARK.fullmatch(mark):
            return False
        return not _DIGITS.issuperset(mark) or self.is_behind_digits(entry)

    def is_behind_digits(self, entry: _Inline) -> bool:
        """Whether the text of an element is one digit or two right behind a digit."""
        mark = "".join(self.pieces[entry.piece :]).strip()
        if not 0 < len(mark) <= 3 or not _DIGITS.issuperset(mark):
            return False
        before = self.pieces[entry.piece - 1] if entry.start > self.line_start else ""
        return before[-1:] in _DIGITS

    def end_inlines_of(self, element: Element) -> None:
        """The innermost block ends: formatting goes on behind it, other inline elements end with it."""
        depth = len(self.names)
        barrier = element.name in ("td", "th", "caption")
        opened = []
        for entry in reversed(self.inlines):
            # Depths only grow along the list.
            if entry.depth < depth:
                break
            opened.append(entry)
        for entry in opened:
            if entry.name in _FORMATTING and not barrier:
                entry.depth = depth - 1
            else:
                self.finish(entry)

    def start_anchor(self, name: str, attributes: str) -> None:
        """A link ends the one before it. One that is hidden is no link."""
        if name in self.named:
            for entry in self.named[name][::-1]:
                self.finish(entry)
        look = self.looks.get(attributes) or self.look(attributes)
        flags = _flags(look)
        if "href" in look.attributes and not self.hidden and not flags & HIDE:
            flags |= LINK
            if look.attributes["href"].startswith("#") and _TO_NOTE.fullmatch(look.attributes["href"].lower()):
                flags |= NOTE
        if flags:
            self.open_inline(name, flags, look.attributes.get("href", "").strip())

    # Forms

    def start_option(self, name: str, attributes: str) -> None:
        """The chosen option of a list within a cell is shown, others are not."""
        self.end_option()
        chosen = "selected" in self.look(attributes).attributes
        if chosen and "select" in self.named and self.hidden == 1 and self.in_cell():
            self.option_shown = True
            self.show()

    def end_option(self, name: str = "option") -> None:
        if self.option_shown:
            self.option_shown = False
            self.hide()


def _flags(look: Look) -> int:
    flags = HIDE if look.hides or look.classed else 0
    if look.struck:
        flags |= DELETED
    if look.raised:
        flags |= NOTE
    if look.bold:
        flags |= BOLD
    if look.sized is False:
        flags |= TINY
    if look.white:
        flags |= FAINT
    return flags


def _take_out(entries: list[_Inline], entry: _Inline) -> None:
    """Remove an entry, which is mostly the last one."""
    if entries[-1:] and entries[-1] is entry:
        entries.pop()
        return
    for index in range(len(entries) - 1, -1, -1):
        if entries[index] is entry:
            del entries[index]
            return
