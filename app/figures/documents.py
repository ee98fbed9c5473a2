"""A picture as a short text that can be kept and sent: JSON that says what is not as usual, always in the same words and order."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache, lru_cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Final, Literal, NoReturn, Union, get_args, get_origin, get_type_hints

from app.figures.pose import Picture, Unposable

LONGEST: Final = 8000
MOST_PARTS: Final = 12
"""The most pins, pieces of equipment or patches."""
LONGEST_WORDS: Final[Mapping[str, int]] = {"title": 100, "seen": 400, "text": 30}

_Reader = Callable[[Any, str], Any]
_DIGITS = 2
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def to_text(picture: Picture) -> str:
    """The text of a picture; that of an equal picture is the same."""
    return json.dumps(_said(picture), sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=1024)
def from_text(text: str) -> Picture:
    """The picture that a text says; raises Unposable with where and what is wrong."""
    if len(text) > LONGEST:
        raise Unposable(f"the picture is longer than {LONGEST} characters")
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as problem:
        if isinstance(problem, Unposable):
            raise
        raise Unposable("this is no picture: it can't be read as JSON") from None
    picture: Picture = _reader_of(Picture)(document, "")
    return picture


def words_of(text: str) -> tuple[str, ...]:
    """What of a picture is read by those who look at it: its title, what is seen, words in it; nothing of a text that is no picture."""
    try:
        picture = json.loads(text)
        said = (picture["title"], picture["seen"], *(gear.get("text", "") for gear in picture.get("gear", ())))
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return ()
    return tuple(one for one in said if isinstance(one, str))


# --- out --------------------------------------------------------------------------------------------------------------


def _said(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        rounded = round(float(value), _DIGITS)
        return int(rounded) if rounded == int(rounded) else rounded
    if isinstance(value, tuple):
        return [_said(one) for one in value]
    said = {}
    for name, default, usual in _usual(value.__class__):
        own = getattr(value, name)
        if own is not default and (one := _said(own)) != usual:
            said[name] = one
    return said


@cache
def _usual(kind: type[Any]) -> tuple[tuple[str, Any, Any], ...]:
    """Each field of a dataclass, its default, and what is said of that."""
    usual = ((field.name, _default(field)) for field in fields(kind))
    return tuple((name, default, default if default is MISSING else _said(default)) for name, default in usual)


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


# --- in ---------------------------------------------------------------------------------------------------------------


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unposable("a field stands here twice")
    return found


def _no_number(word: str) -> NoReturn:
    raise Unposable(f"{word} is no number")


def _wrong(place: str, message: str) -> Unposable:
    return Unposable(f"{place}: {message}" if place else message)


def _shown(word: object) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in str(word)[:30])


@cache
def _reader_of(kind: Any) -> _Reader:
    """How a value of a type is read from what JSON has of it."""
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass_reader(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _word_reader({one.value: one for one in kind})
    if get_origin(kind) is Literal:
        return _word_reader({one: one for one in get_args(kind)})
    if get_origin(kind) in (Union, UnionType):
        return _choice_reader(get_args(kind))
    if get_origin(kind) is tuple:
        return _row_reader(get_args(kind))
    return {float: _number, bool: _yes_or_no, str: _words}[kind]


def _dataclass_reader(kind: type[Any]) -> _Reader:
    hints = get_type_hints(kind)
    readers = {field.name: _reader_of(hints[field.name]) for field in fields(kind)}
    needed = [field.name for field in fields(kind) if _default(field) is MISSING]

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            raise _wrong(place, "write fields with their names here")
        for name in value:
            if name not in readers:
                raise _wrong(place, f"{_shown(name)} is no field of a {kind.__name__.lower()}")
        for name in needed:
            if name not in value:
                raise _wrong(place, f"{name} is missing")
        values = {name: readers[name](one, f"{place}, {name}" if place else name) for name, one in value.items()}
        _bounded(values, place)
        try:
            return kind(**values)
        except Unposable as problem:
            raise _wrong(place, str(problem)) from None

    return read


def _bounded(values: Mapping[str, Any], place: str) -> None:
    """What a text may not say, although the code that draws could."""
    for name, most in LONGEST_WORDS.items():
        if len(values.get(name, "")) > most:
            raise _wrong(place, f"{name} has at most {most} characters")
    for name in ("title", "seen"):
        if name in values and not values[name].strip():
            raise _wrong(place, f"{name} is empty")
    for name in ("pins", "gear", "tissues"):
        if len(values.get(name, ())) > MOST_PARTS:
            raise _wrong(place, f"there are at most {MOST_PARTS} {name}")
    if values.get("frame"):
        left, bottom, right, top = values["frame"]
        if not all(-600 <= side <= 600 for side in values["frame"]):
            raise _wrong(place, "frame goes from -600 to 600")
        if not (20 <= right - left <= 600 and 20 <= top - bottom <= 600):
            raise _wrong(place, "frame is left, bottom, right and top, 20 to 600 from side to side and from bottom to top")
    if "kind" in values and values.get("h", 0) < 0:
        raise _wrong(place, "h is below 0")


def _word_reader(words: Mapping[Any, Any]) -> _Reader:
    def read(value: Any, place: str) -> Any:
        if not isinstance(value, (str, int)) or isinstance(value, bool) or value not in words:
            raise _wrong(place, f"{_shown(value)} is none of {', '.join(map(str, words))}")
        return words[value]

    return read


def _choice_reader(kinds: tuple[Any, ...]) -> _Reader:
    named = {one.value: one for kind in reversed(kinds) if isinstance(kind, type) and issubclass(kind, StrEnum) for one in kind}
    read = _word_reader(named) if named else _reader_of(next(kind for kind in kinds if kind is not NoneType))
    return lambda value, place: None if value is None and NoneType in kinds else read(value, place)


def _row_reader(kinds: tuple[Any, ...]) -> _Reader:
    read = _reader_of(kinds[0])
    count = None if kinds[-1] is Ellipsis else len(kinds)

    def read_row(value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or (count is not None and len(value) != count):
            raise _wrong(place, "write a list here" if count is None else f"write a list of {count} here")
        return tuple(read(one, f"{place} {number}") for number, one in enumerate(value, 1))

    return read_row


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise _wrong(place, f"{_shown(value)} is no number")
    return value


def _yes_or_no(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(place, f"{_shown(value)} is neither true nor false")
    return value


def _words(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise _wrong(place, "write text here")
    if _UNREADABLE.search(value):
        raise _wrong(place, "has a control character")
    return value
