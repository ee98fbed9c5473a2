"""The pages of a re-screen: some tests alone, what changes before it is finished, and what changed read again."""

import re
from html import unescape
from typing import Any

import pytest
from httpx2 import Response

from tests.cast import Cast
from tests.rescreening import again, draft, her, log, took, wait
from tests.world import contents

TIGHT, LOOSE = took(AKE=(22, 12)), took(AKE=(12, 12))
STRAP = "flexibility/strap-ham/left"
LUNGE = "flexibility/runners-lunge/left"


def path(cast: Cast, number: int, *more: str) -> str:
    return "/".join((f"/clients/{her(cast)}/screens/{number}", *more))


def page(answer: Response, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def chosen(line: str, keep: str, reason: str = "") -> dict[str, Any]:
    return {f"line.{line}": keep, f"reason.{line}": reason}


def finish(cast: Cast, number: int, **more: Any) -> Response:
    return cast.tess.post(path(cast, number, "finish"), {"revision": "1", "against": "1", **more})


def plan(cast: Cast) -> dict[str, Any]:
    found: dict[str, Any] = cast.tess.api.get(f"/clients/{her(cast)}/plan").json()
    return found


def keys(cast: Cast) -> dict[str, Any]:
    return {item["key"]: item for stage in plan(cast)["stages"] for item in stage["items"]}


# --- some tests alone -------------------------------------------------------------------------------------------------


def test_before_a_screen_of_one_stage_tess_reads_what_is_measured_and_what_is_kept(cast: Cast) -> None:
    log(cast, TIGHT)
    wait(cast)
    before = contents(cast)
    html = words(page(cast.tess.get(f"/clients/{her(cast)}/screens/new?tests=flexibility")))
    assert "To measure Active knee extension" in html
    assert "Adduction, left: 45°, from 23 November 2026" in html or "45°, from 23 November 2026" in html
    assert contents(cast) == before, "looking begins nothing"
    assert "Begin" not in words(page(cast.tess.get(f"/clients/{her(cast)}/screens/new?tests=nonsense")))


def test_the_draft_says_what_is_kept_and_asks_the_rest(cast: Cast) -> None:
    log(cast, TIGHT)
    wait(cast)
    answer = cast.tess.post(f"/clients/{her(cast)}/screens", {"tests": "flexibility"})
    assert answer.status_code == 303
    html = page(cast.tess.get(answer.headers["location"]))
    assert "kept from 23 November 2026: 45°" in html
    assert "last 22°" in html
    assert not re.search(r'name="measurements\.ADD\.left\.value"[^>]* value="4', html), "a kept value is not typed"
    assert not re.search(r'name="readiness[^>]*checked', html)
    assert not re.search(r'name="red_flags[^>]*checked', html)
    assert re.search(r'name="history.sitting_hours"[^>]* value="\d', html)


def test_an_undone_discard_keeps_what_was_kept(cast: Cast) -> None:
    log(cast, TIGHT)
    wait(cast)
    begun = cast.tess.post(f"/clients/{her(cast)}/screens", {"tests": "flexibility"}).headers["location"].removesuffix("/edit")
    gone = page(cast.tess.post(f"{begun}/discard"))
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', gone):
        fields.setdefault(name, []).append(value)
    back = cast.tess.post(f"/clients/{her(cast)}/screens/restore", fields)
    assert "kept from 23 November 2026" in page(cast.tess.get(back.headers["location"].partition("?")[0]))


# --- what changes -----------------------------------------------------------------------------------------------------


def test_the_preview_says_what_changes_and_why(cast: Cast) -> None:
    html = words(page(cast.tess.get(path(cast, again(cast, TIGHT, LOOSE), "preview"))))
    assert "better Active knee extension on the left went from 22° to 12°: better, as it is at least the 10°" in html
    assert "Supine hamstring stretch with strap, left goes: Active knee extension on the left went from 22° to 12°" in html
    assert "Let it go" in html
    assert "Keep it" in html


def test_one_button_takes_it_whole(cast: Cast) -> None:
    second = again(cast, TIGHT, LOOSE)
    assert STRAP in keys(cast)
    assert finish(cast, second).headers["location"].startswith(f"/clients/{her(cast)}/plan")
    assert STRAP not in keys(cast)


def test_a_line_is_kept_for_a_reason_that_she_and_the_client_read(cast: Cast) -> None:
    assert finish(cast, again(cast, TIGHT, LOOSE), **chosen(STRAP, "before", "It does her good.")).status_code == 303
    said = "Kept by Tess: It does her good."
    assert keys(cast)[STRAP]["reasons"] == [{"rule": "trainer", "because": said, "origin": "judgement", "claims": [], "finding": None}]
    for shown in (
        cast.tess.get(f"/clients/{her(cast)}/plan"),
        cast.cleo.get("/my/plan"),
        cast.tess.get(f"/clients/{her(cast)}/plans/2/changes"),
        cast.cleo.get("/my/plan/changes"),
    ):
        assert said.lower() in page(shown).lower()


def test_without_a_reason_it_is_refused_beside_the_line_and_what_she_chose_stays(cast: Cast) -> None:
    second = again(cast, TIGHT, took(AKE=(12, 12), ADD=(35, 45)))
    before = contents(cast)
    other = {"line.flexibility/add-rock/left": "before", "reason.flexibility/add-rock/left": "Her knees."}
    html = page(finish(cast, second, **chosen(STRAP, "before"), **other), 422)
    assert contents(cast) == before
    assert re.search(rf'id="f-line\.{STRAP}-error">.*A reason is needed', html)
    assert re.search(rf'name="line\.{STRAP}" value="before" checked', html)
    assert 'value="Her knees."' in html
    assert f'href="#line-{STRAP.replace("/", "-")}"' in html


def test_what_a_contraindication_took_out_has_no_choice_and_a_made_up_one_is_refused(cast: Cast) -> None:
    tight = took(MTT_HIP=(8, 8))
    second = again(cast, tight, tight, history__contraindications="knee_kneeling_pain")
    html = page(cast.tess.get(path(cast, second, "preview")))
    assert "Not a choice. This is left out for a reason that holds." in html
    assert f'name="line.{LUNGE}"' not in html
    before = contents(cast)
    for answer in (
        finish(cast, second, **chosen(LUNGE, "before", "She can take it.")),
        cast.tess.post(path(cast, second, "choices"), chosen(LUNGE, "before", "She can take it.")),
    ):
        assert "This is left out for a reason that holds." in page(answer, 422)
    assert contents(cast) == before


def test_choices_survive_a_reload(cast: Cast) -> None:
    second = again(cast, TIGHT, LOOSE)
    saved = cast.tess.post(path(cast, second, "choices"), chosen(STRAP, "before", "It does her good."))
    assert saved.headers["location"] == f"{path(cast, second, 'preview')}?said=choices-saved"
    html = page(cast.tess.get(path(cast, second, "preview")))
    assert re.search(rf'name="line\.{STRAP}" value="before" checked', html)
    assert 'value="It does her good."' in html
    assert "Choices saved 09:00" in words(html)
    cast.tess.post(path(cast, second, "choices"), chosen(STRAP, "after", "It does her good."))
    assert 'before" checked' not in page(cast.tess.get(path(cast, second, "preview")))


def test_a_reason_without_end_is_refused(cast: Cast) -> None:
    second = again(cast, TIGHT, LOOSE)
    html = page(cast.tess.post(path(cast, second, "choices"), chosen(STRAP, "before", "x" * 301)), 422)
    assert "Use at most 300 characters." in html


def test_a_line_that_is_in_neither_plan_is_refused(cast: Cast) -> None:
    second = again(cast, TIGHT, LOOSE)
    before = contents(cast)
    assert finish(cast, second, **chosen("flexibility/made-up/left", "before", "Why not.")).status_code == 422
    assert contents(cast) == before


def test_another_screen_in_between_is_seen_first(cast: Cast) -> None:
    second = again(cast, TIGHT, LOOSE)
    log(cast, took(AKE=(45, 12)))
    html = page(finish(cast, second), 409)
    assert "Something about this client has changed after this preview." in html
    assert 'name="against" value="2"' in html


def test_the_first_screen_is_finished_as_before(cast: Cast) -> None:
    html = page(cast.tess.get(path(cast, draft(cast, TIGHT), "preview")))
    assert "What changes in the plan" not in html
    assert "Finish and publish" in html


def test_what_changed_is_read_again_and_the_first_plan_has_nothing_before_it(cast: Cast) -> None:
    finish(cast, again(cast, TIGHT, LOOSE))
    html = words(page(cast.tess.get(f"/clients/{her(cast)}/plans/2/changes")))
    assert "Supine hamstring stretch with strap, left goes" in html
    assert "There is nothing before it" in page(cast.tess.get(f"/clients/{her(cast)}/plans/1/changes"))
    assert cast.tess.get(f"/clients/{her(cast)}/plans/3/changes").status_code == 404
    own = words(page(cast.cleo.get("/my/plan/changes")))
    assert "goes: Active knee extension on the left went from 22° to 12°" in own
    assert "(R15)" not in own
    assert 'href="/my/plan/changes"' in page(cast.cleo.get("/my/plan"))


@pytest.mark.parametrize("units", ["imperial"])
def test_in_inches_the_table_is_in_inches(sqlite_cast: Cast, units: str) -> None:
    cast = sqlite_cast
    second = again(cast, took(FIG4=(24, 12)), took(FIG4=(12, 12)))
    finish(cast, second)
    cast.tess.post("/account/units", {"units": units})
    assert "9.4 in" in words(page(cast.tess.get(f"/clients/{her(cast)}/plans/2/changes")))
