"""The forms of a page as somebody without JavaScript fills them in: what stands in them, what they offer, and where they go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TypeAlias

Filled: TypeAlias = dict[str, list[str]]


@dataclass
class PlainForm:
    """One form: `fields` is what it sends as it stands, `choices` the values that a field of choices offers, `free` those to type into."""

    action: str
    posts: bool = True
    fields: Filled = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)

    def filled(self, typed: Mapping[str, str | Iterable[str]]) -> Filled:
        """What it sends once this is typed; AssertionError for a field or a value that it does not offer."""
        sent = dict(self.fields)
        for name, value in typed.items():
            values = [value] if isinstance(value, str) else list(value)
            if name not in self.free:
                offered = self.choices.get(name)
                assert offered is not None, f"{self.action} has no field {name}: {sorted(self.free | set(self.choices))}"
                assert set(values) <= set(offered), f"{self.action} offers {offered} for {name}, not {values}"
            sent[name] = values
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, PlainForm] = {}
        self.inside: list[PlainForm] = []
        self.select = ""
        self.text: tuple[PlainForm, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside.append(self._form(at.get("id") or f"form {len(self.forms)}"))
            self.inside[-1].action = at.get("action", "")
            self.inside[-1].posts = at.get("method") == "post"
            return
        form: PlainForm | None = self._form(at["form"]) if "form" in at else None
        if form is None and self.inside:
            form = self.inside[-1]
        name = at.get("name", self.select if tag == "option" else "")
        if form is None or not name:
            return
        match tag:
            case "input" if at.get("type") in ("checkbox", "radio"):
                form.choices.setdefault(name, []).append(at.get("value", "on"))
                if "checked" in at:
                    form.fields.setdefault(name, []).append(at.get("value", "on"))
            case "input":
                form.fields[name] = [at.get("value", "")]
                if at.get("type") != "hidden":
                    form.free.add(name)
            case "button":
                form.choices.setdefault(name, []).append(at.get("value", ""))
            case "select":
                self.select = name
                form.choices.setdefault(name, [])
            case "option":
                form.choices[name].append(at.get("value", ""))
                if "selected" in at or name not in form.fields:
                    form.fields[name] = [at.get("value", "")]
            case "textarea":
                form.free.add(name)
                form.fields[name] = [""]
                self.text = (form, name)
            case _:
                pass

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            form, name = self.text
            form.fields[name] = [form.fields[name][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside.pop()
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.text = None

    def _form(self, key: str) -> PlainForm:
        return self.forms.setdefault(key, PlainForm(""))


def plain_forms(html: str) -> tuple[PlainForm, ...]:
    """Every form of a page that is posted, with those of its fields that stand elsewhere on the page."""
    reader = _Reader()
    reader.feed(html)
    return tuple(one for one in reader.forms.values() if one.posts)
