"""The page on which Tess adjusts the plan in force, line by line."""

import re
from html import unescape

from httpx2 import Response

from app.services import library
from tests.cast import Cast
from tests.rescreening import her, log, took, wait
from tests.rules.situations import hurts
from tests.world import contents

TIGHT = took(AKE=(22, 22))
STRAP = "flexibility/strap-ham/left"


def path(cast: Cast) -> str:
    return f"/clients/{her(cast)}/plan/adjust"


def page(answer: Response, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def seen(cast: Cast) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page(cast.tess.get(path(cast))))
    assert found is not None
    return found[1]


def publish(cast: Cast, choice: str, reason: str, *, looked: str = "") -> Response:
    return cast.tess.post(path(cast), {"seen": looked or seen(cast), f"line.{STRAP}": choice, f"reason.{STRAP}": reason})


def archive(cast: Cast, slug: str) -> None:
    with cast.work("ada") as store:
        library.archive(store, slug, cast.clock())


def test_tess_leaves_a_line_out_and_cleo_reads_why(cast: Cast) -> None:
    log(cast, TIGHT)
    html = page(cast.tess.get(path(cast)))
    assert "leads to the same plan today" in html
    assert re.search(rf'name="line\.{STRAP}" value="neither">\s*<span>Leave it out', html)
    assert 'name="line.dowel/dowel-hinge/both"' not in html, "the ladder is climbed step by step"
    answer = publish(cast, "neither", "No strap at home.")
    assert answer.headers["location"].partition("?")[0] == f"/clients/{her(cast)}/plan"
    assert "Left out by Tess: No strap at home." in page(cast.tess.get(f"/clients/{her(cast)}/plan"))
    assert "Left out by Tess: No strap at home." in page(cast.cleo.get("/my/plan"))
    again = page(cast.tess.get(path(cast)))
    assert re.search(rf'name="line\.{STRAP}" value="neither" checked', again), "as it stands in the plan"
    assert f'id="f-reason.{STRAP}" name="reason.{STRAP}" value="No strap at home."' in again


def test_what_is_left_out_keeps_its_name_when_ada_archives_it(cast: Cast) -> None:
    log(cast, TIGHT)
    both = [STRAP, STRAP.replace("left", "right")]
    said = {f"line.{key}": "neither" for key in both} | {f"reason.{key}": "No strap at home." for key in both}
    assert cast.tess.post(path(cast), {"seen": seen(cast)} | said).status_code == 303
    archive(cast, "strap-ham")
    for html in (page(cast.tess.get(f"/clients/{her(cast)}/plan")), page(cast.cleo.get("/my/plan"))):
        assert "Supine hamstring stretch with strap" in html
        assert "Strap ham" not in html


def test_a_line_without_a_reason_is_refused_beside_it_and_keeps_what_was_chosen(cast: Cast) -> None:
    log(cast, TIGHT)
    looked, before = seen(cast), contents(cast)
    html = page(publish(cast, "neither", "  ", looked=looked), 422)
    assert re.search(rf'id="f-line\.{STRAP}-error">.*A reason is needed to leave this out', html)
    assert re.search(rf'name="line\.{STRAP}" value="neither" checked', html)
    assert f'href="#line-{STRAP.replace("/", "-")}"' in html
    assert contents(cast) == before


def test_nothing_otherwise_is_nothing_new(cast: Cast) -> None:
    log(cast, TIGHT)
    looked, before = seen(cast), contents(cast)
    assert "Nothing would be otherwise" in page(publish(cast, "after", "", looked=looked), 409)
    assert contents(cast) == before


def test_a_library_that_changed_meanwhile_is_looked_at_again_with_what_was_typed(cast: Cast) -> None:
    log(cast, TIGHT)
    looked = seen(cast)
    archive(cast, "plank")
    before = contents(cast)
    html = page(publish(cast, "neither", "No strap at home.", looked=looked), 409)
    assert "has changed since you opened this page" in html
    assert 'value="No strap at home."' in html
    assert seen(cast) in html
    assert contents(cast) == before


def test_the_plan_says_that_the_library_has_changed_and_leads_to_what_would(cast: Cast) -> None:
    log(cast, TIGHT)
    told = "The same screen leads to another plan today"
    assert told not in page(cast.tess.get(f"/clients/{her(cast)}/plan"))
    archive(cast, "plank")
    assert told in page(cast.tess.get(f"/clients/{her(cast)}/plan"))
    assert told in page(cast.tess.get(f"/clients/{her(cast)}/plans/1"))
    html = page(cast.tess.get(path(cast)))
    assert "The library or the rules have changed" in html
    assert "Front plank goes" in html
    assert publish(cast, "after", "").status_code == 303
    assert told not in page(cast.tess.get(f"/clients/{her(cast)}/plan"))
    assert told not in page(cast.tess.get(f"/clients/{her(cast)}/plans/1")), "an earlier plan is as it was"


def test_without_a_plan_in_force_there_is_nothing_to_adjust(cast: Cast) -> None:
    answer = cast.tess.get(path(cast))
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, f"/clients/{her(cast)}/plan")
    log(cast, TIGHT)
    looked = seen(cast)
    log(cast, took(AKE=(hurts(12, 5), 12)))
    before = contents(cast)
    assert publish(cast, "neither", "x", looked=looked).status_code == 409
    assert contents(cast) == before
    assert "Adjust" not in page(cast.tess.get(f"/clients/{her(cast)}/plan"))


def test_what_is_left_of_those_that_take_turns_comes_every_session(cast: Cast) -> None:
    log(cast, TIGHT)
    assert "5 take turns, 2 at a time" in page(cast.tess.get(f"/clients/{her(cast)}/plan"))
    out = {f"smr/{slug}/{side}" for slug in ("smr-hipflex", "smr-quad", "smr-tfl") for side in ("left", "right")}
    said = {f"line.{key}": "neither" for key in out} | {f"reason.{key}": "She has a ball alone." for key in out}
    assert cast.tess.post(path(cast), {"seen": seen(cast)} | said).status_code == 303
    for html in (page(cast.tess.get(f"/clients/{her(cast)}/plan")), page(cast.cleo.get("/my/plan"))):
        assert "take turns" not in html
        assert "takes turns" not in html


def test_after_two_weeks_of_the_easier_start_the_plan_says_that_the_lunge_comes_now(cast: Cast) -> None:
    log(cast, took(MTT_HIP=(14, 14)))
    assert "After 2 weeks: Runner" in page(cast.tess.get(f"/clients/{her(cast)}/plan"))
    wait(cast, weeks=1)
    plank = "strengthening/plank/both"
    said = {"seen": seen(cast), f"line.{plank}": "neither", f"reason.{plank}": "Her wrists."}
    assert cast.tess.post(path(cast), said).status_code == 303
    assert "After 1 week: Runner" in page(cast.tess.get(f"/clients/{her(cast)}/plan"))
    wait(cast, weeks=1)
    assert cast.tess.post(path(cast), {"seen": seen(cast), f"line.{plank}": "after"}).status_code == 303
    html = page(cast.tess.get(f"/clients/{her(cast)}/plan"))
    assert "Now: Runner" in html
    assert "The same screen leads to another plan today" not in html
