"""Four of the hand-worked histories, lived from outside day by day, end where their texts say."""

import pytest

from tests.cast import Cast
from tests.rules.histories import FOLDER, read
from tests.web.histories import ByApi, ByPages, Life


def told(life: Life) -> tuple[list[str], list[str]]:
    """What the text says of every checkpoint, and what became of it, with the steps that went otherwise."""
    expected: list[str] = []
    got: list[str] = []
    for one in life.live():
        expected += [f"d{one.day}?", *one.expected]
        got += [f"d{one.day}?", *one.got, *life.differences]
        life.differences.clear()
    return expected, [*got, *life.differences]


@pytest.mark.parametrize("name", ["steady", "rescreens"])
def test_a_program_leads_her_where_the_text_says(cast: Cast, name: str) -> None:
    expected, got = told(ByApi(cast, read(FOLDER / f"{name}.txt")))
    assert got == expected


@pytest.mark.parametrize("name", ["painful-week", "form-failures"])
def test_tess_and_cleo_come_to_where_the_text_says_on_their_pages(cast: Cast, name: str) -> None:
    expected, got = told(ByPages(cast, read(FOLDER / f"{name}.txt")))
    assert got == expected
