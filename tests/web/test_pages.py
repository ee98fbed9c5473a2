"""Pages and their templates: a template gets exactly the names that its page has."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

from app.main import create_app
from app.settings import Settings
from app.web.page import TEMPLATES, Page, local_path


def every_page(page: type[Page] = Page) -> Iterator[type[Page]]:
    for child in page.__subclasses__():
        yield child
        yield from every_page(child)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("data")))
    environment: Environment = app.state.templates
    return environment


@dataclass(frozen=True)
class Part:
    """What one file of templates wants, brings and is made of."""

    wants: frozenset[str]
    brings: frozenset[str]
    includes: frozenset[str]


@cache
def read(environment: Environment, name: str) -> Part:
    tree = environment.parse((TEMPLATES / name).read_text(encoding="utf-8"))
    brought = {node.target for node in tree.find_all(nodes.Import)}
    brought |= {one[1] if isinstance(one, tuple) else one for node in tree.find_all(nodes.FromImport) for one in node.names}
    included = {part for part in meta.find_referenced_templates(tree) if part is not None}
    return Part(frozenset(meta.find_undeclared_variables(tree)), frozenset(brought), frozenset(included))


def parts_of(environment: Environment, template: str) -> set[str]:
    """A template and all that it is made of."""
    found, waiting = set[str](), [template]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += read(environment, name).includes
    return found


def names_wanted(environment: Environment, template: str) -> set[str]:
    parts = [read(environment, name) for name in parts_of(environment, template)]
    wanted, brought = set[str]().union(*(part.wants for part in parts)), set[str]().union(*(part.brings for part in parts))
    return wanted - brought - set(environment.globals)


def test_every_template_wants_exactly_what_its_page_has(environment: Environment) -> None:
    differences = {}
    for page in every_page():
        wanted, given = names_wanted(environment, page.template), set(page.__dataclass_fields__) - {"template"}
        missing, superfluous = wanted - given, given - wanted
        if missing or superfluous:
            differences[page.__name__] = {"missing": missing, "superfluous": superfluous}
    assert differences == {}


def test_every_template_belongs_to_a_page(environment: Environment) -> None:
    used = set[str]()
    for page in every_page():
        used |= parts_of(environment, page.template)
    every = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    assert every - used == set()


def test_there_is_no_inline_style_or_script() -> None:
    for path in Path(TEMPLATES).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert "hx-on" not in text, path
        assert "js:" not in text, path
        assert " onclick" not in text, path


def test_htmx_is_told_what_the_policy_and_the_history_need() -> None:
    """Without these it would evaluate text, write a style into the page, keep pages in the browser, and drop a form that comes back."""
    found = re.search(r"name=\"htmx-config\" content='(.*?)'", (TEMPLATES / "layout/_document.html").read_text(encoding="utf-8"))
    assert found is not None
    told = json.loads(found[1])
    assert told["historyCacheSize"] == 0
    assert told["selfRequestsOnly"] is True
    assert [told[name] for name in ("allowEval", "allowScriptTags", "includeIndicatorStyles")] == [False] * 3
    assert {"code": "422", "swap": True} in told["responseHandling"]


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "evil", "", "/a\nb", "\\\\evil"]
)
def test_after_signing_in_nobody_is_sent_elsewhere(address: str) -> None:
    assert local_path(address) == "/"


def test_a_path_of_ours_is_kept() -> None:
    assert local_path("/clients/7?said=saved") == "/clients/7?said=saved"
