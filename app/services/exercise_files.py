"""Exercises as a file, YAML or CSV: read with the line of whatever is wrong, written so that the same library gives the same bytes."""

import csv
import gc
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from io import StringIO
from typing import Any, Final, NamedTuple, TypeAlias

import yaml

from app.errors import FieldError, Invalid
from app.figures import Unposable
from app.figures.documents import LONGEST as LONGEST_PICTURE
from app.figures.documents import from_text, to_text
from app.rules.documents import DoseOverride, Exercise
from app.rules.vocabulary import Origin, Stage
from app.services.plain_text import one_line, safe

MOST_BYTES: Final = 16_000_000
MOST_EXERCISES: Final = 10_000
MOST_LINES: Final = 40
"""The most cues, faults, muscles and the like that one exercise has."""
MOST_PARAMETERS: Final = 10
MOST_NUMBERS: Final = 4
"""So many numbers of a set-up has an exercise, and so many each of them is."""
LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 4000
_TOO_MANY = f"At most {MOST_EXERCISES} exercises come in one file."
_TOO_MUCH = "This is too much for one YAML file. As CSV it fits."
_TOO_MANY_CELLS = "There is too much in this table for so few exercises."
_MARKED = (
    "The file begins with a byte order mark, as Excel writes it. "
    "Open it in a text editor and save it as UTF-8 without one, or save it from LibreOffice as CSV in UTF-8."
)
_MOST_PARTS = 520_000
"""Words, lists and tables of a YAML file: what as many exercises as may come are made of, and read in about a second."""
_MOST_CELLS = 800_000
"""Cells of a CSV file and lines within them: what as many exercises as may come need."""
_LONGEST_TABLE = 6000
_DEEPEST = 6
_MOST_WRONG = 10

_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, where there is one: it is twenty times as fast."""


class Wrong(NamedTuple):
    """One thing that can't be taken over, and in which line of the file it stands."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One exercise of a file, and what it says field by field; a field that it does not name is not in `said`."""

    line: int
    slug: str
    said: Mapping[str, Any]
    wrong: tuple[Wrong, ...] = ()
    missing: tuple[Wrong, ...] = ()
    """What only a new exercise has to name."""
    lines: tuple[tuple[str, int], ...] = ()
    """In which line each field stands."""

    @property
    def exercise(self) -> Exercise | None:
        """It as a new one; None where something about it is wrong or missing."""
        return None if self.wrong or self.missing else Exercise(version=1, **self._fields(None))

    def over(self, before: Exercise) -> Exercise | None:
        """It as a change of what there is: what the file does not name stays as it was. None where something about it is wrong."""
        return None if self.wrong else replace(before, **self._fields(before.override))

    def _fields(self, before: DoseOverride | None) -> dict[str, Any]:
        own = {name.removeprefix(_OWN): value for name, value in self.said.items() if name.startswith(_OWN)}
        values = {name: value for name, value in self.said.items() if name != "archived" and not name.startswith(_OWN)}
        if own:
            override = replace(before or DoseOverride(), **own)
            values["override"] = None if override == DoseOverride() else override
        return values

    def line_of(self, field: str) -> int:
        """Where a field, or what it is part of, stands; where it is missing, where its exercise begins."""
        return dict(self.lines).get(field.partition(".")[0], self.line)


# --- what a file is made of -------------------------------------------------------------------------------------------


class _Text(NamedTuple):
    line: int
    text: str
    is_null: bool = False


class _Row(NamedTuple):
    line: int
    members: tuple["_Node", ...]


class _Table(NamedTuple):
    line: int
    pairs: tuple[tuple[_Text, "_Node"], ...]


_Node: TypeAlias = _Text | _Row | _Table


class _No(Exception):
    """A value that a field can't take; its line and message."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def _refuse(line: int | None, message: str) -> Invalid:
    return Invalid(FieldError("" if line is None else f"line {line}", message))


def read_file(content: bytes, *, is_csv: bool) -> tuple[Listed, ...]:
    """Every exercise of a file in its order; raises Invalid, with the line, for a file that is none of ours."""
    with _uncollected():
        text = _decoded(content)
        (entries, unnamed), reads = ((_csv_entries(text), {}), _READ_CELLS) if is_csv else (_yaml_entries(text), _READ)
        first: dict[str, int] = {}
        found = []
        for node in entries:
            one = _listed(node, reads, unnamed)
            if one.slug:
                if one.slug in first:
                    twice = Wrong(one.line, f"slug: {one.slug} stands in line {first[one.slug]} already")
                    one = replace(one, wrong=(twice, *one.wrong))
                first.setdefault(one.slug, one.line)
            found.append(one)
        return tuple(found)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles: a file becomes very many nodes and not one cycle, and the search takes most of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def read_exercises(content: bytes, *, is_csv: bool = False) -> tuple[Exercise, ...]:
    """The exercises of a file in which nothing may be wrong; raises Invalid with a line number for each thing that is."""
    listed = read_file(content, is_csv=is_csv)
    wrong = [FieldError(f"line {one.line}", one.message) for entry in listed for one in (*entry.wrong, *entry.missing)]
    if wrong:
        raise Invalid(*wrong)
    return tuple(entry.exercise for entry in listed if entry.exercise is not None)


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise _refuse(None, f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refuse(1, "The file is written in UTF-16. Save it as UTF-8.")
    if content.startswith(b"\xef\xbb\xbf"):
        raise _refuse(1, _MARKED)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise _refuse(content.count(b"\n", 0, problem.start) + 1, "This is not UTF-8. Save the file as UTF-8.") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    strange = re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)
    if strange is not None:
        raise _refuse(text.count("\n", 0, strange.start()) + 1, "The file has a control character here: it is no text file.")
    return text


# --- YAML -------------------------------------------------------------------------------------------------------------


_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})
_ENDS: Final = frozenset({yaml.SequenceEndEvent, yaml.MappingEndEvent})


class _Reader:
    """YAML as plain text, rows and tables: no anchors and aliases (a few lines of those can stand for gigabytes), no tags, not deep."""

    def __init__(self, text: str) -> None:
        self.event = _YAML(text).get_event
        self.parts = 0

    def next(self) -> Any:
        self.parts += 1
        event = self.event()
        if self.parts > _MOST_PARTS:
            raise _refuse(event.start_mark.line + 1, _TOO_MUCH)
        if type(event) in _ENDS:
            return event
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _refuse(event.start_mark.line + 1, "anchors and aliases are not read here")
        if getattr(event, "tag", None) is not None:
            raise _refuse(event.start_mark.line + 1, "tags are not read here")
        return event

    def document(self) -> _Node | None:
        self.next()
        if isinstance(self.next(), yaml.StreamEndEvent):
            return None
        node = self.node(self.next(), 0)
        self.next()
        last = self.next()
        if not isinstance(last, yaml.StreamEndEvent):
            raise _refuse(last.start_mark.line + 1, "The file holds one document, and here a second one begins.")
        return node

    def node(self, event: Any, depth: int) -> _Node:
        line, value = event.start_mark.line + 1, getattr(event, "value", None)
        if depth > _DEEPEST:
            raise _refuse(line, "This is nested too deep.")
        if value is not None:
            is_null = value in _NOTHING and event.implicit[0]
            return _Text(line, "" if is_null else value, is_null)
        if isinstance(event, yaml.SequenceStartEvent):
            members: list[_Node] = []
            while not isinstance(inner := self.next(), yaml.SequenceEndEvent):
                if len(members) == MOST_EXERCISES:
                    raise _refuse(inner.start_mark.line + 1, _TOO_MANY)
                members.append(self.node(inner, depth + 1))
            return _Row(line, tuple(members))
        pairs: list[tuple[_Text, _Node]] = []
        seen: set[str] = set()
        while not isinstance(inner := self.next(), yaml.MappingEndEvent):
            key = self.node(inner, depth + 1)
            if not isinstance(key, _Text):
                raise _refuse(key.line, "The name of a field is a word.")
            if key.text in seen:
                raise _refuse(key.line, f"{_shown(key.text)} stands here twice")
            seen.add(key.text)
            pairs.append((key, self.node(self.next(), depth + 1)))
        return _Table(line, tuple(pairs))


def _shown(word: str) -> str:
    """A word of the file as a message may repeat it."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in word[:60])
    return plain + ("…" if len(word) > 60 else "")


def _yaml_entries(text: str) -> tuple[tuple[_Node, ...], Mapping[str, Any]]:
    """The exercises, and what is said of each field that one of them does not name: in a whole file that it is empty."""
    try:
        whole = _Reader(text).document()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        raise _refuse(mark.line + 1 if mark else None, problem.problem or "can't be read") from None
    except yaml.YAMLError:
        raise _refuse(None, "This is no YAML that can be read.") from None
    parts = {key.text: value for key, value in whole.pairs} if isinstance(whole, _Table) else {}
    is_whole, listed = parts.pop("whole", None), parts.pop("exercises", None)
    if parts or not isinstance(listed, _Row):
        raise _refuse(1, "The file holds one list, named exercises.")
    if is_whole is None:
        return listed.members, {}
    if not isinstance(is_whole, _Text) or is_whole.text != "true":
        raise _refuse(is_whole.line, "whole: write true, or leave the line out.")
    return listed.members, _EMPTY


# --- CSV --------------------------------------------------------------------------------------------------------------

_OWN = "override_"
_FORMULA: Final = r"""[^\S\t\n]*(?:"[^\S\t\n]*)*[-=+@＝＋－＠]"""
"""What a spreadsheet would calculate: a sign, perhaps after blanks and quotation marks."""
_BEGINS: Final = re.compile(rf"(\A|[;\t\n])(?='?{_FORMULA}|'')")
_BEGAN: Final = re.compile(rf"(\A|[;\t\n])'(?={_FORMULA}|')")
_QUOTED: Final = re.compile('[",;\t\n]')


def _neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before it, and before what looks as if it had one already.

    So it does within the cell wherever a spreadsheet that parts cells at semicolons or tabs, or rows at line breaks, sees one begin.
    """
    return _BEGINS.sub(r"\1'", cell)


def _restored(cell: str) -> str:
    return _BEGAN.sub(r"\1", cell) if "'" in cell else cell


def _row(cells: Iterable[str]) -> str:
    """A row of the file; what a spreadsheet might take apart is quoted."""
    return ",".join('"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell for cell in cells) + "\n"


_PROBLEMS: Final = {
    "unexpected end of data": "a quotation mark is not closed",
    "field larger than field limit": "a cell is too long",
}
"""What the csv module says, in words for a person."""


def _csv_entries(text: str) -> tuple[_Node, ...]:
    header = text.lstrip().partition("\n")[0]
    lines = csv.reader(StringIO(text, newline=""), delimiter=max(",;", key=header.count), strict=True)
    rows: list[_Node] = []
    columns: list[str] | None = None
    line, parts = 1, 0
    try:
        for cells in lines:
            parts += 1 + min(len(cells), len(COLUMNS))
            if parts > _MOST_CELLS:
                raise _refuse(line, _TOO_MANY_CELLS)
            if not any(map(str.strip, cells)):
                pass
            elif columns is None:
                columns = _columns(cells, line)
            else:
                if len(rows) == MOST_EXERCISES:
                    raise _refuse(line, _TOO_MANY)
                rows.append(_csv_row(columns, cells, line))
                parts += sum(cell.count(",") + cell.count("\n") for name, cell in zip(columns, cells, strict=False) if name in _LISTS)
            line = lines.line_num + 1
    except csv.Error as problem:
        raise _refuse(line, f"This line can't be read: {_PROBLEMS.get(str(problem).partition(' (')[0], problem)}.") from None
    if columns is None:
        raise _refuse(1, f"The first line names the columns: {', '.join(COLUMNS[:5])} and so on.")
    return tuple(rows)


def _columns(cells: list[str], line: int) -> list[str]:
    names = [cell.strip() for cell in cells]
    for name in names:
        if name not in COLUMNS:
            raise _refuse(line, f"There is no column named {_shown(name) or 'nothing'}. The columns are {', '.join(COLUMNS)}.")
        if names.count(name) > 1:
            raise _refuse(line, f"The column {name} stands here twice.")
    return names


def _csv_row(columns: list[str], cells: list[str], line: int) -> _Node:
    if len(cells) > len(columns):
        return _Text(line, "")
    named = zip(columns, map(_restored, cells), strict=False)
    return _Table(line, tuple((_Text(line, name), _cell(name, cell, line)) for name, cell in named))


_WORDS: Final = frozenset({"claims", "targets", "equipment", "contraindications"})
_LISTS: Final = _WORDS | {"cues", "faults"}


def _cell(name: str, cell: str, line: int) -> _Node:
    if not cell.strip():
        return _Text(line, "", is_null=True)
    if name in ("cues", "faults"):
        return _Row(line, tuple(_Text(line, part) for part in cell.split("\n") if part.strip()))
    if name in _WORDS:
        return _Row(line, tuple(_Text(line, part) for part in re.split("[,\n]", cell) if part.strip()))
    if name == "params" and len(cell) <= _LONGEST_TABLE:
        return _json_table(cell, line)
    return _Text(line, cell)


def _json_table(cell: str, line: int) -> _Node:
    """A cell such as {"cm": [25, 30]}; any other one stays text. Objects are read as tuples of pairs: a name may come twice."""
    try:
        found = json.loads(cell, parse_float=str, parse_int=str, object_pairs_hook=tuple)
        if not isinstance(found, tuple):
            return _Text(line, cell)
        return _Table(line, tuple((_Text(line, name), _numbers(value, line)) for name, value in found))
    except (ValueError, RecursionError):
        return _Text(line, cell)


def _numbers(value: object, line: int) -> _Row:
    return _Row(line, tuple(_Text(line, str(one)) for one in (value if isinstance(value, list) else (value,))))


# --- fields -----------------------------------------------------------------------------------------------------------


def _words(node: _Node, longest: int, *, lines: bool = False) -> str:
    if not isinstance(node, _Text):
        raise _No(node.line, "write text here")
    try:
        text = safe(node.text.strip())
        text = text if lines else one_line(text)
    except ValueError as problem:
        raise _No(node.line, str(problem)) from None
    if len(text) > longest:
        raise _No(node.line, f"use at most {longest} characters")
    return text


def _line_of(node: _Node) -> str:
    return _words(node, LONGEST_LINE)


def _text_of(node: _Node) -> str:
    return _words(node, LONGEST_TEXT, lines=True)


def _line_or_none(node: _Node) -> str | None:
    return _line_of(node) or None


_YES: Final = frozenset({"true", "yes", "wahr", "vrai", "vero", "verdadero", "verdadeiro", "waar"})
_NO: Final = frozenset({"false", "no", "falsch", "faux", "falso", "onwaar"})
"""As spreadsheets write them in some of their languages, too."""


def _yes_or_no(node: _Node) -> bool:
    word = _line_of(node).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise _No(node.line, "write true or false")


def _yes_or_nothing(node: _Node) -> bool:
    return not (isinstance(node, _Text) and node.is_null) and _yes_or_no(node)


def _stage(node: _Node) -> Stage:
    word = _line_of(node)
    if word not in list(Stage):
        raise _No(node.line, f"choose one of {', '.join(Stage)}")
    return Stage(word)


def _origin(node: _Node) -> Origin:
    word = _line_of(node)
    if word not in list(Origin):
        raise _No(node.line, f"choose one of {', '.join(Origin)}")
    return Origin(word)


def _list_of_lines(node: _Node) -> tuple[str, ...]:
    if isinstance(node, _Text) and node.is_null:
        return ()
    if not isinstance(node, _Row):
        raise _No(node.line, "write a list here")
    if len(node.members) > MOST_LINES:
        raise _No(node.line, f"at most {MOST_LINES} of these")
    lines = tuple(_line_of(one) for one in node.members)
    for one, line in zip(node.members, lines, strict=True):
        if not line:
            raise _No(one.line, "one of these is empty")
    return lines


def _count(node: _Node) -> int:
    word = _line_of(node)
    if not re.fullmatch("[0-9]{1,6}", word):
        raise _No(node.line, "write a whole number")
    return int(word)


def _count_or_none(node: _Node) -> int | None:
    return None if isinstance(node, _Text) and node.is_null else _count(node)


def _number(node: _Node) -> float:
    word = _line_of(node)
    if not re.fullmatch(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", word) or abs(float(word)) == float("inf"):
        raise _No(node.line, "write a number")
    return float(word)


def _override(node: _Node) -> DoseOverride | None:
    if isinstance(node, _Text) and node.is_null:
        return None
    if not isinstance(node, _Table):
        raise _No(node.line, "write the changed fields of the dose, such as {hold_s: 20}")
    values: dict[str, Any] = {}
    for key, value in node.pairs:
        if key.text not in _OVERRIDES:
            raise _No(key.line, f"{_shown(key.text)} is no field of a dose")
        values[key.text] = _line_or_none(value) if key.text == "load" else _count(value)
    return DoseOverride(**values)


def _parameters(node: _Node) -> Mapping[str, tuple[float, ...]] | None:
    if isinstance(node, _Text) and node.is_null:
        return None
    if not isinstance(node, _Table):
        raise _No(node.line, "write numbers by their names, such as {distance_cm: [25, 30]}")
    if len(node.pairs) > MOST_PARAMETERS:
        raise _No(node.line, f"at most {MOST_PARAMETERS} of these")
    found: dict[str, tuple[float, ...]] = {}
    for key, value in node.pairs:
        name = _line_of(key)
        values = value.members if isinstance(value, _Row) else (value,)
        if name in found:
            raise _No(key.line, f"{_shown(name)} stands here twice")
        if not name or not values:
            raise _No(key.line, "write numbers by their names, such as {distance_cm: [25, 30]}")
        if len(values) > MOST_NUMBERS:
            raise _No(key.line, f"at most {MOST_NUMBERS} numbers under one name")
        found[name] = tuple(map(_number, values))
    return found or None


def _drawing(node: _Node) -> str:
    text = _words(node, LONGEST_PICTURE)
    try:
        return text and to_text(from_text(text))
    except Unposable as problem:
        raise _No(node.line, f"it can't be drawn: {problem}") from None


_OVERRIDES: Final = tuple(one.name for one in fields(DoseOverride))

_READ: Final[Mapping[str, Callable[[_Node], Any]]] = {
    "slug": _line_of,
    "name": _line_of,
    "stage": _stage,
    "origin": _origin,
    "claims": _list_of_lines,
    "targets": _list_of_lines,
    "equipment": _list_of_lines,
    "per_side": _yes_or_no,
    "loaded": _yes_or_nothing,
    "dose": _line_of,
    "override": _override,
    "dose_note": _text_of,
    "note": _text_of,
    "cues": _list_of_lines,
    "faults": _list_of_lines,
    "contraindications": _list_of_lines,
    "regress": _line_or_none,
    "progress": _line_or_none,
    "load_rule": _text_of,
    "gate": _line_or_none,
    "params": _parameters,
    "picture": _drawing,
    "archived": _yes_or_nothing,
}
"""Every field of a file in its order, and how it is read. Text stays text whatever it looks like: a name may be 90, or no."""

_NEEDED: Final = ("slug", "name", "stage", "origin", "per_side", "dose")

_EMPTY: Final[Mapping[str, Any]] = {"archived": False} | {
    one.name: one.default for one in fields(Exercise) if one.name in _READ and one.name not in _NEEDED
}

_READ_CELLS: Final[Mapping[str, Callable[[_Node], Any]]] = {
    column: cell
    for name, read in _READ.items()
    for column, cell in (
        [(f"{_OWN}{one}", _line_or_none if one == "load" else _count_or_none) for one in _OVERRIDES]
        if name == "override"
        else [(name, read)]
    )
}
"""The same of a table, where each number of the dose has a column of its own."""

COLUMNS: Final = tuple(_READ_CELLS)
"""The columns of a CSV file."""


def _listed(node: _Node, reads: Mapping[str, Callable[[_Node], Any]], unnamed: Mapping[str, Any]) -> Listed:
    if not isinstance(node, _Table):
        message = "an exercise is a mapping" if not isinstance(node, _Text) or node.text else "this row has more cells than columns"
        return Listed(node.line, "", {}, wrong=(Wrong(node.line, message),))
    said = dict(unnamed)
    wrong: list[Wrong] = []
    for key, value in node.pairs:
        read = reads.get(key.text)
        if read is None:
            wrong.append(Wrong(key.line, f"{_shown(key.text)} is no field of an exercise"))
        elif key.text in _NEEDED and isinstance(value, _Text) and not value.text.strip():
            wrong.append(Wrong(node.line, f"{key.text} is missing"))
        else:
            try:
                said[key.text] = read(value)
            except _No as problem:
                wrong.append(Wrong(problem.line, f"{key.text}: {problem}"))
    named = {key.text for key, _ in node.pairs}
    missing = tuple(Wrong(node.line, f"{name} is missing") for name in _NEEDED if name not in named)
    if "slug" not in named:
        wrong, missing = [*wrong, *missing], ()
    return Listed(
        node.line, said.get("slug", ""), said, tuple(wrong[:_MOST_WRONG]), missing, tuple((key.text, key.line) for key, _ in node.pairs)
    )


# --- writing ----------------------------------------------------------------------------------------------------------

_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9 .,'()/×°’_-]*[A-Za-z0-9.)])?")
_PLAIN_WORD = re.compile(r"[A-Za-z](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9])?")
_NOT_WORDS = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n"])
_ESCAPED = re.compile("[\x7f-\xa0\u2028\u2029\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufffe\uffff\U0001fffe-\U0001ffff\U0002fffe-\U0010ffff]")


def _scalar(text: str, plain: re.Pattern[str] = _PLAIN) -> str:
    """Text for YAML: as it is where every reader takes it for text, else quoted."""
    if plain.fullmatch(text) and text.lower() not in _NOT_WORDS:
        return text
    return _ESCAPED.sub(
        lambda found: f"\\u{ord(found[0]):04x}" if ord(found[0]) < 0x10000 else f"\\U{ord(found[0]):08x}",
        json.dumps(text, ensure_ascii=False),
    )


def _figure(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _said(exercise: Exercise, *, archived: bool) -> Iterator[tuple[str, Any]]:
    """The fields that say something, in the order of the file."""
    for name in _READ:
        value = archived if name == "archived" else getattr(exercise, name)
        if name in _NEEDED or value not in (None, "", (), False):
            yield name, value


def to_yaml(exercises: Iterable[tuple[Exercise, bool]]) -> str:
    """The file of a whole library: each exercise, and whether it is archived. What an exercise does not name there is empty."""
    blocks = []
    for exercise, archived in exercises:
        lines = [line for name, value in _said(exercise, archived=archived) for line in _yaml_lines(name, value)]
        blocks.append("  - " + "\n    ".join(lines) + "\n")
    return "whole: true\nexercises:" + ("\n" + "\n".join(blocks) if blocks else " []\n")


def _yaml_lines(name: str, value: Any) -> Iterator[str]:
    match value:
        case bool():
            yield f"{name}: {str(value).lower()}"
        case str() if name == "picture":
            quoted = value.replace("'", "''")
            yield f"{name}: '{quoted}'"
        case str():
            yield f"{name}: {_scalar(value)}"
        case tuple() if name in ("cues", "faults"):
            yield f"{name}:"
            yield from (f"  - {_scalar(one)}" for one in value)
        case tuple():
            yield f"{name}: [{', '.join(_scalar(one, _PLAIN_WORD) for one in value)}]"
        case DoseOverride():
            own = ((one, getattr(value, one)) for one in _OVERRIDES)
            parts = (f"{one}: {_scalar(said, _PLAIN_WORD) if isinstance(said, str) else said}" for one, said in own if said is not None)
            yield f"{name}: {{{', '.join(parts)}}}"
        case _:
            ranges = (f"{_scalar(one, _PLAIN_WORD)}: [{', '.join(map(_figure, numbers))}]" for one, numbers in value.items())
            yield f"{name}: {{{', '.join(ranges)}}}"


def to_csv(exercises: Iterable[tuple[Exercise, bool]]) -> str:
    """The same as a spreadsheet: one row for each exercise, cues and faults one in each line of their cell."""
    rows = [_row(COLUMNS)]
    for exercise, archived in exercises:
        cells = {column: cell for name, value in _said(exercise, archived=archived) for column, cell in _cells(name, value)}
        rows.append(_row(_neutral(cells.get(column, "")) for column in COLUMNS))
    return "".join(rows)


def _cells(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case bool():
            yield name, str(value).lower()
        case str():
            yield name, value
        case tuple():
            yield name, ("\n" if name in ("cues", "faults") else ", ").join(value)
        case DoseOverride():
            own = ((one, getattr(value, one)) for one in _OVERRIDES)
            yield from ((f"{_OWN}{one}", str(said)) for one, said in own if said is not None)
        case _:
            ranges = (f"{json.dumps(one, ensure_ascii=False)}: [{', '.join(map(_figure, numbers))}]" for one, numbers in value.items())
            yield name, f"{{{', '.join(ranges)}}}"
