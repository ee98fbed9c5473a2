"""Exercises as files: what is wrong stands with its line, and what would harm is refused at once."""

import csv
from dataclasses import replace
from io import StringIO

import pytest

from app.errors import Invalid
from app.rules.documents import DoseOverride
from app.services.exercise_files import COLUMNS, Listed, read_exercises, read_file, to_csv, to_yaml
from app.services.library import starter
from tests.formulas import FORMULA, formulas
from tests.hostile_files import HOSTILE, HOSTILE_TABLES

FILE = """
exercises:
  - slug: bridge
    name: Bridge
    stage: strengthening
    origin: source
    per_side: false
    dose: ACTIVATE
"""
HEADER = "slug,name,stage,origin,per_side,dose,cues,equipment,params\n"
ROW = "bridge,Bridge,strengthening,source,false,ACTIVATE,,,\n"


def complaints(refusal: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(error.field, error.message) for error in refusal.value.errors]


def one(changes: str) -> Listed:
    (found,) = read_file((FILE + changes).encode(), is_csv=False)
    return found


# --- YAML -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "lines", "message"),
    [
        (("dose: ACTIVATE", "dose: [1"), ("line 8", "line 9"), "expected"),
        (("name: Bridge", "name: &a Bridge"), ("line 4",), "anchors and aliases are not read here"),
        (("name: Bridge", "name: *a"), ("line 4",), "anchors and aliases are not read here"),
        (("name: Bridge", "name: !!python/name:os.system Bridge"), ("line 4",), "tags are not read here"),
        (("stage: strengthening", "stage: stretching"), ("line 5",), "stage: choose one of flexibility"),
        (("per_side: false", "per_side: 1"), ("line 7",), "per_side: write true or false"),
        (("name: Bridge", "name: Bridge\n    name: Hip bridge"), ("line 5",), "name stands here twice"),
        (("name: Bridge", "nome: Bridge"), ("line 4",), "nome is no field of an exercise"),
        (("    name: Bridge\n", ""), ("line 3",), "name is missing"),
        (("name: Bridge", "name: ''"), ("line 3",), "name is missing"),
        (("name: Bridge", 'name: "Bridge\\ntwo"'), ("line 4",), "name: write it in one line"),
        (("name: Bridge", 'name: "Bridge\\u202e"'), ("line 4",), "name: has a control character"),
        (("name: Bridge", f"name: {'x' * 201}"), ("line 4",), "name: use at most 200 characters"),
        (("name: Bridge", "name: [Bridge]"), ("line 4",), "name: write text here"),
        (("name: Bridge", "name: Bridge\n    cues: Lift"), ("line 5",), "cues: write a list here"),
        (("name: Bridge", "name: Bridge\n    cues:\n      - Lift\n      -"), ("line 7",), "cues: one of these is empty"),
        (("name: Bridge", "name: Bridge\n    override: {sets: many}"), ("line 5",), "override: write a whole number"),
        (("name: Bridge", "name: Bridge\n    override: {height: 3}"), ("line 5",), "override: height is no field of a dose"),
        (("name: Bridge", "name: Bridge\n    override: 3"), ("line 5",), "override: write the changed fields"),
        (("name: Bridge", "name: Bridge\n    params: {cm: far}"), ("line 5",), "params: write a number"),
        (("name: Bridge", "name: Bridge\n    params: {cm: 1e999}"), ("line 5",), "params: write a number"),
        (("name: Bridge", "name: Bridge\n    params: {cm: []}"), ("line 5",), "params: write numbers by their names"),
        (("name: Bridge", "name: Bridge\n    params: {cm: 1, ' cm': 2}"), ("line 5",), "params: cm stands here twice"),
        (("name: Bridge", "name: Bridge\n    params: 3"), ("line 5",), "params: write numbers by their names"),
        (("  - slug: bridge", "  - bridge\n  - slug: bridge"), ("line 3",), "an exercise is a mapping"),
        (("exercises:", "exercise:"), ("line 1",), "one list"),
        (("exercises:", "? [a]\n: 1\nexercises:"), ("line 2",), "The name of a field is a word"),
        ((FILE, FILE + "---\nmore: 1\n"), ("line 9",), "a second one begins"),
    ],
)
def test_a_file_that_is_wrong_says_in_which_line(change: tuple[str, str], lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_exercises(FILE.replace(*change).encode())
    assert any(field in lines and message in said for field, said in complaints(refusal)), complaints(refusal)


def test_text_stays_text_whatever_it_looks_like() -> None:
    found = one('    note: 012\n    gate: no\n    regress: null\n    progress: ~\n    cues: [1e3, "null", 2026-11-22]').exercise
    assert found is not None
    assert (found.note, found.gate, found.regress, found.progress) == ("012", "no", None, None)
    assert found.cues == ("1e3", "null", "2026-11-22")


def test_what_says_nothing_may_be_left_empty() -> None:
    found = one("    override:\n    params:\n    cues:\n    targets: ~\n    load_rule:").exercise
    assert found is not None
    assert (found.override, found.params, found.cues, found.targets, found.load_rule) == (None, None, (), (), "")


def test_every_row_that_is_wrong_is_told_and_the_others_are_read() -> None:
    good, bad, twice = read_file(
        (
            FILE
            + FILE.replace("\nexercises:\n", "").replace("bridge", "plank").replace("false", "maybe").replace("dose", "dosis")
            + FILE[12:]
        ).encode(),
        is_csv=False,
    )
    assert good.exercise is not None
    assert bad.exercise is None
    assert [(wrong.line, wrong.message) for wrong in bad.wrong] == [
        (13, "per_side: write true or false"),
        (14, "dosis is no field of an exercise"),
    ]
    assert [(missing.line, missing.message) for missing in bad.missing] == [(9, "dose is missing")]
    assert [(wrong.line, wrong.message) for wrong in twice.wrong] == [(15, "slug: bridge stands in line 3 already")]


# --- CSV --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", "line 1", "The first line names the columns"),
        (HEADER.replace(",", ";") + ROW, "line 2", "name is missing"),
        (HEADER.replace("slug", "Slug") + ROW, "line 1", "There is no column named Slug"),
        ("slug,slug\n", "line 1", "The column slug stands here twice"),
        (HEADER + '"bridge', "line 2", "This line can't be read: a quotation mark is not closed."),
        (HEADER + "\n\n" + ROW.replace("false", "0"), "line 4", "per_side: write true or false"),
        (HEADER + ROW.replace("\n", ",\n"), "line 2", "more cells than columns"),
        (HEADER + ROW.replace("false", ""), "line 2", "per_side is missing"),
        (HEADER + ROW.replace(",,,", ',"Lift\nBreathe",,') + ROW, "line 4", "bridge stands in line 2 already"),
        (HEADER + ROW.replace(",,,", ',,,"{""cm"": [[[1]]]}"'), "line 2", "params: write a number"),
        (HEADER + ROW.replace(",,,", ',,,"{""cm"": 1, ""cm"": 2}"'), "line 2", "params: cm stands here twice"),
        (HEADER + ROW.replace(",,,", ',,,"{""cm"": ' + "[" * 900 + "]" * 900 + '}"'), "line 2", "params: "),
        (HEADER + ROW.replace(",,,", ",,," + "[" * 3000), "line 2", "params: write numbers by their names"),
    ],
)
def test_a_table_that_is_wrong_says_in_which_line(text: str, line: str, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_exercises(text.encode(), is_csv=True)
    assert any(field == line and message in said for field, said in complaints(refusal)), complaints(refusal)


def test_columns_stand_in_any_order_and_spreadsheets_shout_true() -> None:
    (found,) = read_exercises(
        b'dose,per_side,origin,stage,name,slug,cues\r\nSKILL,TRUE,source,dowel,Drill,drill,"Stay long\r\n\r\nBreathe"\r\n', is_csv=True
    )
    assert found.per_side
    assert found.cues == ("Stay long", "Breathe")


def test_a_table_is_read_as_spreadsheets_elsewhere_write_it() -> None:
    table = HEADER.replace(",", ";") + ROW.replace(",", ";").replace("false", "FALSCH").replace(
        ";;;", ';"Lift, then hold; breathe";mat, ball;'
    )
    for ending in ("\n", "\r\n"):
        (found,) = read_exercises(f"{table};;;;;;;;\n\n ;;\n".replace("\n", ending).encode(), is_csv=True)
        assert not found.per_side
        assert found.cues == ("Lift, then hold; breathe",)
        assert found.equipment == ("mat", "ball")
    assert len(read_file((HEADER + ",,,,,,,,\n" + ROW + ",,,,,,,,\n" * 3).encode(), is_csv=True)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "x;=1+1;y",
        'x; "=1+1";y',
        'x;"";=1;',
        "Rest;' =1",
        "x;'=1;''",
        "x;'plain';'",
        ";;+1",
        '"=1"',
        "x;＝1",
        "x\t@SUM(A1)",
        "First\n=2+2\n\t=3\n\n-4;+5\nlast",
        "First\n\"=2+2\n'=3",
        '";\n","=1',
    ],
)
def test_nor_is_one_for_readers_that_part_cells_at_semicolons_or_tabs(text: str) -> None:
    line = " ".join(text.split())
    word = line.replace(" ", "_").replace(",", "")
    exercise = replace(
        starter()[0], name=line, note=text, cues=("Breathe", line, line), equipment=(word, "mat"), dose_note=text, params={line: (1, 2)}
    )
    written = to_csv([(exercise, False), (starter()[1], True)])
    assert formulas(written) == []
    assert read_exercises(written.encode(), is_csv=True) == (exercise, starter()[1])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''", "'", "'quoted'", "＝1", "''=x", "plain", "-"])
def test_no_cell_is_a_formula_and_every_text_comes_back(text: str) -> None:
    exercise = replace(starter()[0], name=text, note=text, cues=(text, text), targets=(text,), gate=text, override=DoseOverride(load=text))
    written = to_csv([(exercise, False)])
    for row in list(csv.reader(StringIO(written, newline="")))[1:]:
        assert all(not cell.startswith(FORMULA) for cell in row)
    assert formulas(written) == []
    assert read_exercises(written.encode(), is_csv=True) == (exercise,)


def test_the_starter_library_comes_back_from_both_kinds_of_file() -> None:
    shelved = [(one, False) for one in starter()]
    assert read_exercises(to_yaml(shelved).encode()) == starter()
    assert read_exercises(to_csv(shelved).encode(), is_csv=True) == starter()
    assert tuple(next(csv.reader(StringIO(to_csv([]))))) == COLUMNS
    assert read_exercises(to_yaml([]).encode()) == ()


# --- what would harm ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "line", "message", "is_csv"), [
    *((*what, False) for what in HOSTILE.values()), *((*what, True) for what in HOSTILE_TABLES.values()),
], ids=[*HOSTILE, *(f"{name}, as a table" for name in HOSTILE_TABLES)])  # fmt: skip
def test_a_hostile_file_is_refused_with_a_clear_line(content: bytes, line: str, message: str, *, is_csv: bool) -> None:
    with pytest.raises(Invalid) as refusal:
        read_file(content, is_csv=is_csv)
    ((field, said),) = complaints(refusal)
    assert field.startswith(line)
    assert message in said


def test_slugs_that_come_twice_are_all_told() -> None:
    listed = read_file((HEADER + ROW * 5000).encode(), is_csv=True)
    assert listed[0].exercise is not None
    assert all(wrong.message == "slug: bridge stands in line 2 already" for entry in listed[1:] for wrong in entry.wrong)
    assert all(entry.wrong for entry in listed[1:])


def test_a_slug_that_comes_twice_in_one_line_is_told() -> None:
    one_line = "{slug: hold, name: Hold, stage: dowel, origin: source, per_side: no, dose: SKILL}"
    listed = read_file(f"exercises: [{one_line}, {one_line}]".encode(), is_csv=False)
    assert [[wrong.message for wrong in entry.wrong] for entry in listed] == [[], ["slug: hold stands in line 1 already"]]


def test_a_message_never_repeats_what_could_harm() -> None:
    with pytest.raises(Invalid) as refusal:
        read_exercises(("slug," + "\x1b[31m" * 30).replace("\x1b", "\u200b").encode(), is_csv=True)
    ((_, said),) = complaints(refusal)
    assert "\u200b" not in said
    assert len(said) < 600
