"""The library in and out on its pages: Ada sends a file, sees what it would do, and takes it in or not."""

import csv
import re
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.services import library
from app.services.exercise_files import read_exercises, to_csv, to_yaml
from app.web.forms import Form
from app.web.pages.library import ExerciseForm
from tests.cast import Cast
from tests.web.test_library import NEW, at, text
from tests.world import contents

NEWCOMER = b"""exercises:
  - slug: hinge-hold
    name: Hinge hold
    stage: dowel
    origin: judgement
    per_side: false
    dose: SKILL
    cues: ["=Stay long"]
"""


def send(cast: Cast, content: bytes, name: str = "mine.yaml") -> Response:
    answer: Response = cast.ada.browser.post(
        "/library/files", data={"kind": "yaml"}, files={"file": (name, content)}, follow_redirects=False
    )
    return answer


def mark(page: Response) -> dict[str, Any]:
    return {"mark": page.text.partition('name="mark" value="')[2].partition('"')[0]}


def test_ada_sends_a_file_looks_and_takes_it_in(cast: Cast) -> None:
    address = at(send(cast, NEWCOMER))
    page = cast.ada.get(address)
    assert "What mine.yaml would do" in text(page)
    assert "Added 1 exercise" in text(page)
    assert "Hinge hold" in text(page)
    assert cast.ada.get("/library/hinge-hold").status_code == 404
    assert at(cast.ada.post(address, mark(page))) == "/library?said=library-taken-in"
    assert "=Stay long" in text(cast.tess.get("/library/hinge-hold"))
    assert cast.ada.get(address).status_code == 404
    assert cast.bea.get("/library/hinge-hold").status_code == 404


def test_what_goes_out_goes_in_again_without_a_difference(cast: Cast) -> None:
    cast.ada.post("/library", {**NEW, "note": '=1+1, or so\r\nand "more"'})
    cast.ada.post("/library/plank/archive")
    for ending in ("yaml", "csv"):
        out = cast.ada.get(f"/library/export.{ending}")
        assert out.headers["content-disposition"] == f'attachment; filename="library-2026-11-23.{ending}"'
        page = cast.ada.get(at(send(cast, out.content, f"library.{ending}")))
        assert "As they are 52 exercises" in text(page)
        assert "The library says all of this already." in text(page)
        assert "Take in" not in text(page)


def test_no_cell_that_goes_out_is_a_formula(sqlite_cast: Cast) -> None:
    sqlite_cast.ada.post("/library", {**NEW, "name": "=cmd|' /C calc'!A0", "note": "-2+3", "cues": "@SUM(1)"})
    out = sqlite_cast.ada.get("/library/export.csv").content.decode()
    cells = [cell for row in csv.reader(StringIO(out, newline="")) for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_changed_row_shows_both_texts(cast: Cast) -> None:
    out = cast.ada.get("/library/export.yaml").text
    page = cast.ada.get(at(send(cast, out.replace("name: Front plank", "name: Plank").encode())))
    assert "Changed 1 exercise" in text(page)
    assert "<del>Front plank</del><ins>Plank</ins>" in page.text
    assert at(cast.ada.post(page.request.url.path, mark(page))) == "/library?said=library-taken-in"
    assert cast.ada.api.get("/exercises/plank").json()["version"] == 2


def test_what_a_file_empties_stands_open_and_what_it_does_not_name_stays(sqlite_cast: Cast) -> None:
    table = b"slug,name,contraindications\nrunners-lunge,Lunge,\nplank,Plank,osteoporosis_loaded\n"
    page = sqlite_cast.ada.get(at(send(sqlite_cast, table, "few.csv")))
    assert re.search(r"loses Left out when \(\d\) Name, Left out when", text(page))
    assert page.text.count('<details class="more" open>') == page.text.count(">loses<") >= 1
    assert at(sqlite_cast.ada.post(page.request.url.path, mark(page))) == "/library?said=library-taken-in"
    assert "Nothing that is asked about takes it out" in text(sqlite_cast.ada.get("/library/runners-lunge"))
    assert sqlite_cast.ada.api.get("/exercises/runners-lunge").json()["cues"]


def test_ada_is_told_of_two_of_one_name_before_and_after(sqlite_cast: Cast) -> None:
    page = sqlite_cast.ada.get(at(send(sqlite_cast, NEWCOMER.replace(b"Hinge hold", b"front plank"))))
    assert "same name as plank" in text(page)
    sqlite_cast.ada.post(page.request.url.path, mark(page))
    assert "Another one has this name: plank." in text(sqlite_cast.ada.get("/library/hinge-hold"))
    again = sqlite_cast.ada.get(at(send(sqlite_cast, b"exercises:\n- {slug: plank, note: x}\n")))
    assert "same name" not in text(again)


def test_one_refused_row_holds_everything_back(cast: Cast) -> None:
    page = cast.ada.get(at(send(cast, NEWCOMER + b"    regress: nowhere\n" + NEWCOMER[11:].replace(b"hold", b"drill"))))
    assert "Refused 1 exercise" in text(page)
    assert "Line 9: regress: The easier one, nowhere, is not in the library." in text(page)
    assert "Take in" not in text(page)
    before = contents(cast)
    assert cast.ada.post(page.request.url.path, {"mark": "x"}).status_code == 409
    assert contents(cast) == before


def test_ada_is_told_of_an_exercise_that_comes_twice_in_one_line(sqlite_cast: Cast) -> None:
    hold = b"{slug: hold, name: Hold, stage: dowel, origin: source, per_side: no, dose: SKILL}"
    page = sqlite_cast.ada.get(at(send(sqlite_cast, b"exercises: [%s, %s]" % (hold, hold))))
    assert "Line 1: slug: hold stands in line 1 already" in text(page)
    assert sqlite_cast.ada.post(page.request.url.path, {"mark": "x"}).status_code == 409
    assert sqlite_cast.ada.get("/library/hold").status_code == 404


def test_a_library_that_changed_meanwhile_is_looked_at_again(cast: Cast) -> None:
    page = cast.ada.get(at(send(cast, NEWCOMER)))
    cast.ada.post("/library", {**NEW, "slug": "hinge-hold"})
    before = contents(cast)
    again = cast.ada.post(page.request.url.path, mark(page))
    assert again.status_code == 409
    assert "the library has changed since" in text(again)
    assert contents(cast) == before
    assert at(cast.ada.post(page.request.url.path, mark(again))) == "/library?said=library-taken-in"


TYPED = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30) | st.just("x" * 200)
FORMS = st.fixed_dictionaries({
    **dict.fromkeys(("name", "dose_note", "note", "load_rule", "gate", "override_load"), TYPED),
    **{name: st.lists(TYPED, max_size=41).map("\n".join) for name in ("cues", "faults")},
    **{name: st.lists(TYPED, max_size=41).map(",".join) for name in ("targets", "equipment")},
    "params": st.builds(
        lambda names, values: "\n".join(f"{name}: {' to '.join(map(str, values))}" for name in names),
        st.lists(TYPED, max_size=13, unique=True),
        st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6),
    ),
})  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
@given(FORMS)
def test_whatever_ada_may_type_comes_back_from_both_kinds_of_file(form: dict[str, str]) -> None:
    try:
        exercise = library.tidied(Form.of(**{**NEW, "slug": "typed", **form}).read(ExerciseForm).exercise())
    except Invalid:
        return
    if not library.complaints(exercise, {}, {"regress": frozenset(), "progress": frozenset()}):
        assert read_exercises(to_yaml([(exercise, False)]).encode()) == (exercise,)
        assert read_exercises(to_csv([(exercise, False)]).encode(), is_csv=True) == (exercise,)


@pytest.mark.parametrize(
    ("lines", "is_taken"),
    [(["cm: 1 to 2 to 3 to 4"], True), ([f"{number}{'x' * 190}: 1" for number in range(10)], True),
     (["cm: 1 to 2 to 3 to 4 to 5"], False), ([f"n{number}: 1" for number in range(11)], False)],
)  # fmt: skip
def test_ada_types_no_more_numbers_than_a_file_carries(sqlite_cast: Cast, lines: list[str], *, is_taken: bool) -> None:
    answer = sqlite_cast.ada.post("/library", {**NEW, "params": "\r\n".join(lines)})
    assert (answer.status_code == 303) is is_taken
    if is_taken:
        for ending in ("yaml", "csv"):
            out = sqlite_cast.ada.get(f"/library/export.{ending}")
            assert "As they are 52 exercises" in text(sqlite_cast.ada.get(at(send(sqlite_cast, out.content, f"library.{ending}"))))
    else:
        assert "Numbers of the set-up: At most 10 of these, with at most 4 numbers each." in text(answer)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"exercises:\n- &a [x]", "mine.yaml", "Line 2: anchors and aliases are not read here"),
        (b"[" * 100_000, "mine.yml", "Line 1: This is nested too deep."),
        ("exercises: []".encode("utf-8-sig"), "mine.yaml", "Line 1: The file begins with a byte order mark"),
        ("name\né".encode("latin-1"), "mine.csv", "Line 2: This is not UTF-8."),
        (b"exercises:\n" + b"- x\n" * 4_010_000, "mine.yaml", "The file is larger than 16 MB."),
        (b"%PDF", "mine.pdf", "Choose a file whose name ends in .yaml or .csv."),
        (b"", "mine.yaml", "Line 1: The file holds one list, named exercises."),
    ],
)
def test_a_hostile_file_is_refused_with_a_clear_line_and_not_kept(sqlite_cast: Cast, content: bytes, name: str, sentence: str) -> None:
    before = contents(sqlite_cast)
    answer = send(sqlite_cast, content, name)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'aria-describedby="f-file-hint errors"' in answer.text
    assert contents(sqlite_cast) == before


def test_what_is_too_large_for_any_file_is_a_413(sqlite_cast: Cast) -> None:
    answer = send(sqlite_cast, b"x" * 16_600_000)
    assert answer.status_code == 413
    assert "The file is larger than 16 MB. Choose another file" in text(answer)
    assert 'href="/library/files"' in answer.text


def test_ada_is_told_of_a_number_that_she_names_twice(sqlite_cast: Cast) -> None:
    answer = sqlite_cast.ada.post("/library", {**NEW, "params": "cm: 1\r\ncm: 2"})
    assert answer.status_code == 422
    assert "One of these names stands here twice." in text(answer)


@pytest.mark.slow
@pytest.mark.parametrize("is_csv", [False, True])
def test_a_large_library_that_went_out_goes_in_again(is_csv: bool) -> None:  # noqa: FBT001 - what is tried
    plank = next(one for one in library.starter() if one.slug == "plank")
    planks = [(replace(plank, slug=f"plank-{number}", note=("Mind the doorway. " * 100).strip()), False) for number in range(3000)]
    out = (to_csv(planks) if is_csv else to_yaml(planks)).encode()
    assert len(out) > 5_000_000
    assert read_exercises(out, is_csv=is_csv)[-1].slug == "plank-2999"


def test_a_file_may_be_pasted(sqlite_cast: Cast) -> None:
    pasted = {"kind": "csv", "text": "slug,name,stage,origin,per_side,dose\r\ndrill,Drill,dowel,source,no,SKILL\r\n"}
    page = sqlite_cast.ada.get(at(sqlite_cast.ada.post("/library/files", pasted)))
    assert "What pasted CSV would do" in text(page)
    assert "Added 1 exercise" in text(page)
    nothing = sqlite_cast.ada.post("/library/files", {"kind": "yaml", "text": " "})
    assert nothing.status_code == 422
    assert "Choose a file, or paste one." in text(nothing)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"--b\r\nno head\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\n\xff: x\r\n\r\nx\r\n--b--"),
        ("multipart/form-data; boundary=b", b'--b\r\ncontent-disposition: form-data; name="text"\r\n\r\n\xff\r\n--b--'),
        ("multipart/form-data; boundary=b", b"--b\r\n" * 100 + b"--b--"),
        ("text/plain", b"x"),
    ],
)
def test_a_form_that_is_none_is_a_422(sqlite_cast: Cast, kind: str, body: bytes) -> None:
    before = contents(sqlite_cast)
    answer = sqlite_cast.ada.browser.post("/library/files", content=body, headers={"content-type": kind})
    assert answer.status_code == 422
    assert contents(sqlite_cast) == before


def test_a_name_of_a_file_is_only_a_name(sqlite_cast: Cast) -> None:
    page = sqlite_cast.ada.get(at(send(sqlite_cast, NEWCOMER, "C:\\fakepath\\<b>mine\u202e.yaml")))
    assert "What <b>mine.yaml would do" in " ".join(text(page).split()) or "&lt;b&gt;mine.yaml" in page.text


def test_a_discarded_file_does_nothing(cast: Cast) -> None:
    address = at(send(cast, NEWCOMER))
    assert at(cast.ada.post(f"{address}/discard")) == "/library/files?said=library-file-discarded"
    assert cast.ada.get(address).status_code == 404
    assert cast.ada.get("/library/hinge-hold").status_code == 404


def test_a_long_file_comes_in_pages_with_what_is_refused_first(sqlite_cast: Cast) -> None:
    rows = "".join(f"drill-{number},Drill {number},dowel,source,no,{'LOTS' if number == 149 else 'SKILL'}\n" for number in range(150))
    address = at(send(sqlite_cast, ("slug,name,stage,origin,per_side,dose\n" + rows).encode(), "mine.csv"))
    first, second = sqlite_cast.ada.get(address), sqlite_cast.ada.get(f"{address}?page=2")
    assert text(first).index("Drill 149") < text(first).index("Drill 0")
    assert "Page 1 of 2, 150 rows" in text(first)
    assert "Drill 148" in text(second)
