"""Pages for progress: what Tess sees and signs, sessions that she logs, Cleo's path, what hurts, and the roster."""

import re
from datetime import timedelta
from html import unescape

import pytest
from httpx2 import Response
from sqlalchemy import text as sql

from app.services import accounts
from app.services.accounts import Try
from tests import ladder
from tests.cast import DAY, Cast
from tests.finished import finish, situation
from tests.plain_forms import plain_forms

BRIDGE, CURL = "strengthening/bridge/both", "strengthening/ham-curl/both"
HINGE, WALL, RDL = "dowel/dowel-hinge/both", "wall/wall-hinge/both", "rdl/rdl-dowel/both"
WHY = "Trained with me for a year elsewhere."
KEPT = ["neutral", "shin_knee", "control", "order", "lockout", "pain"]


@pytest.fixture
def cast(sqlite_cast: Cast) -> Cast:
    return sqlite_cast


@pytest.fixture
def athlete(cast: Cast) -> Cast:
    """Cleo, who has nothing to stretch."""
    finish(cast, situation("hypermobile-dancer"))
    return cast


def words(answer: Response) -> str:
    """What is read of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def path(cast: Cast, rest: str = "progress") -> str:
    return f"/clients/{cast.cleo.client_id}/{rest}"


def today(cast: Cast) -> str:
    return cast.clock().date().isoformat()


def sign(cast: Cast, stage: str, **more: object) -> Response:
    return cast.tess.post(path(cast, "sign-offs"), {"stage": stage, **more})


def session(cast: Cast, **fields: object) -> Response:
    return cast.tess.post(path(cast, "session"), {"on": today(cast), **fields})


def dowel(cast: Cast, **more: object) -> Response:
    """A session of the dowel hinge as it should be."""
    fields = {
        f"sets.{HINGE}": "3",
        "dowel-hinge.both.gate": KEPT,
        "dowel-hinge.both.reps": "8",
        "dowel-hinge.both.hip_bend_deg": "62,5",
        "dowel-hinge.both.stretch_felt": "yes",
    }
    return session(cast, **(fields | more))


def later(cast: Cast, days: int) -> None:
    """Days go by; Tess signs in again, as she does every day."""
    cast.clock.move(days=days)
    with cast.database.work(writes=True) as store:
        tess = store.accounts.user(cast.tess.user_id)
        token = accounts.sign_in(store, Try(tess.id, tess.password_hash, may_try=True), "a browser", cast.clock())
    cast.tess.browser.cookies.clear()
    cast.tess.browser.cookies.set("hinge", token)


def written(cast: Cast, table: str) -> int:
    with cast.work("tess", writes=False) as store:
        return int(store.session.scalar(sql(f"select count(*) from {table}")) or 0)  # noqa: S608 - a name of ours


def report(cast: Cast, item: str, **more: object) -> Response:
    return cast.cleo.post("/my/report", {"item": item, "on": today(cast), **more})


# --- where she stands -----------------------------------------------------------------------------------------------


def test_without_a_plan_the_page_says_the_next_step(cast: Cast) -> None:
    assert "There is no plan yet" in words(cast.tess.get(path(cast)))


def test_whoever_was_stopped_before_the_first_plan_is_not_said_to_lack_a_screen(cast: Cast) -> None:
    finish(cast, situation("painful-test"))
    page = cast.tess.get(path(cast))
    assert "Stopped until a professional has answered" in words(page)
    assert "take the screen" not in words(page)
    assert "/referrals/" in page.text


def test_tess_sees_seven_stages_and_what_is_missing(cast: Cast) -> None:
    finish(cast, situation("one-sided-hamstring"))
    page = words(cast.tess.get(path(cast)))
    for label in ("Flexibility", "Self-massage", "Strengthening", "Dowel", "Wall", "Romanian deadlift", "Single-leg"):
        assert label in page
    assert "One of these is enough" in page
    assert "Measure again, two weeks or six sessions after the first time: " in page
    assert "Days done of days planned" in page
    assert "More than planned in one week does not make up for another" in page
    assert "Four weeks since the last screen" in page
    assert "your trainer" not in page.lower()


def test_cleo_reads_what_unlocks_the_next_stage(athlete: Cast) -> None:
    page = words(athlete.cleo.get("/my/plan"))
    assert "To unlock the dowel" in page
    assert "Bridge, 2 × 12" in page
    assert "Four weeks since the last screen" in page
    assert sign(athlete, "strengthening", override_reason=WHY).status_code == 303
    page = words(athlete.cleo.get("/my/plan"))
    assert "To unlock the wall" in page
    assert "3 × 8 with all three contacts kept" in page


# --- signing off ----------------------------------------------------------------------------------------------------


def test_what_is_missing_stands_on_the_page_and_nothing_is_signed(athlete: Cast) -> None:
    answer = sign(athlete, "strengthening", note="Looks strong.")
    assert answer.status_code == 409
    assert "This stage can't be signed off yet." in words(answer)
    assert "Looks strong." in answer.text
    assert written(athlete, "sign_off") == 0


def test_of_what_is_missing_it_is_said_that_one_is_enough(cast: Cast) -> None:
    finish(cast, situation("one-sided-hamstring"))
    answer = sign(cast, "flexibility")
    assert answer.status_code == 409
    assert "This stage can't be signed off yet. One of these is enough: Measure again" in words(answer)
    assert "One of these is enough" not in words(sign(cast, "strengthening")).partition("Flexibility")[0]


def test_an_override_needs_a_reason_and_stays_visible(athlete: Cast) -> None:
    answer = sign(athlete, "strengthening", override_reason="short")
    assert answer.status_code == 422
    assert "at least 10 characters" in words(answer)
    assert sign(athlete, "strengthening", override_reason=WHY).status_code == 303
    page = words(athlete.tess.get(path(athlete)))
    assert f"Signed although something was missing, because: {WHY}" in page
    assert "by Tess" in page
    assert "signed with a reason" in page


def test_after_a_stage_was_passed_both_read_what_is_measured_once_more_until_it_is(athlete: Cast) -> None:
    later(athlete, 14)
    sign(athlete, "strengthening", override_reason=WHY)
    said = "Strengthening: passed on 7 December, so its tests are measured once more: Front plank; Lateral step-down, left and right."
    assert said in words(athlete.tess.get(path(athlete)))
    assert said in words(athlete.cleo.get("/my/plan"))
    assert "to measure: strengthening" in words(athlete.tess.get("/clients"))
    (of_api,) = (one for one in athlete.tess.api.get(path(athlete)).json()["rescreen"] if one["tests"])
    assert of_api == {"on": "2026-12-07", "because": said, "tests": ["PLANK", "STEPDOWN"]}
    finish(athlete, situation("hypermobile-dancer", taken_on=athlete.clock().date()))
    assert "measured once more" not in words(athlete.tess.get(path(athlete)))


def test_the_same_form_twice_is_one_sign_off(athlete: Cast) -> None:
    for _ in range(2):
        assert sign(athlete, "strengthening", override_reason=WHY, seen="x").status_code == 303
    assert written(athlete, "sign_off") == 1


def test_a_sign_off_is_taken_back_and_both_lines_stay(athlete: Cast) -> None:
    sign(athlete, "strengthening", override_reason=WHY)
    page = athlete.tess.get(path(athlete))
    undo = re.search(r'action="(/clients/\d+/sign-offs/[^"]+/take-back)"', page.text)
    assert undo is not None
    later(athlete, 1)
    assert athlete.tess.post(undo[1]).status_code == 303
    page = athlete.tess.get(path(athlete))
    assert "taken back" in words(page)
    assert f"Reason: {WHY}" in words(page)
    assert "Signed although" not in words(page)


def test_what_was_signed_by_mistake_is_taken_back_while_a_stop_waits(athlete: Cast) -> None:
    sign(athlete, "strengthening", override_reason=WHY)
    later(athlete, 1)
    finish(athlete, situation("heart-medicine", taken_on=athlete.clock().date()))
    undo = re.search(r'action="(/clients/\d+/sign-offs/[^"]+/take-back)"', athlete.tess.get(path(athlete)).text)
    assert undo is not None
    assert athlete.tess.post(undo[1]).status_code == 303
    page = athlete.tess.get(path(athlete))
    assert "taken back" in words(page)
    assert "/take-back" not in page.text


def test_a_locked_stage_has_no_form_and_takes_none(athlete: Cast) -> None:
    assert "Sign Wall off" not in athlete.tess.get(path(athlete)).text
    answer = sign(athlete, "wall", override_reason=WHY)
    assert answer.status_code == 409
    assert written(athlete, "sign_off") == 0


def test_a_check_in_the_sign_off_says_what_was_looked_at(athlete: Cast) -> None:
    sign(athlete, "strengthening", override_reason=WHY)
    later(athlete, 1)
    answer = sign(athlete, "dowel", **{"check.gate": KEPT, "check.reps": "8"})
    assert answer.status_code == 422
    assert "Choose what you looked at." in words(answer)
    answer = sign(athlete, "dowel", looked="dowel-hinge/both", **{"check.gate": KEPT, "check.hip_bend_deg": "2000"})
    assert answer.status_code == 422
    assert 'check.hip_bend_deg-error"' in answer.text
    assert 'value="2000"' in answer.text
    assert written(athlete, "form_check") == 0


def test_the_days_go_back_to_the_first_plan_and_no_further(cast: Cast) -> None:
    finish(cast, situation("one-sided-hamstring"))
    first = today(cast)
    later(cast, 2)
    finish(cast, situation("hypermobile-dancer", taken_on=cast.clock().date()))
    for get, day in ((cast.tess.get, path(cast, "practice")), (cast.cleo.get, "/my/today")):
        back = get(f"{day}?on={first}")
        assert back.status_code == 200
        assert "Day before" not in words(back)
        assert f"?on={first}" in get(f"{day}?on={(cast.clock() - timedelta(days=1)).date()}").text
    assert f'min="{first}"' in cast.tess.get(path(cast, "session")).text


def test_what_is_no_longer_in_the_plan_keeps_its_name(cast: Cast) -> None:
    finish(cast, situation("one-sided-hamstring"))
    assert cast.cleo.post("/my/ticks", {"tick": "flexibility/strap-ham/left 1 1", "on": today(cast)}).status_code == 303
    later(cast, 14)
    finish(cast, situation("hypermobile-dancer", taken_on=cast.clock().date()))
    assert "Supine hamstring stretch with strap, left 1 of 6 1 5" in words(cast.tess.get(path(cast))).partition("By exercise")[2]


# --- a session ------------------------------------------------------------------------------------------------------


def test_two_sessions_with_form_kept_pass_the_dowel(athlete: Cast) -> None:
    sign(athlete, "strengthening", override_reason=WHY)
    for _ in range(2):
        later(athlete, 2)
        assert dowel(athlete).status_code == 303
    page = words(athlete.tess.get(path(athlete)))
    assert "all is shown" in page
    assert "hip bend: 62.5°" in page
    assert sign(athlete, "dowel").status_code == 303
    assert "The wall is open" in words(athlete.tess.get(path(athlete)))


def test_cleo_reads_who_entered_a_session(athlete: Cast) -> None:
    sign(athlete, "strengthening", override_reason=WHY)
    later(athlete, 1)
    dowel(athlete)
    page = words(athlete.cleo.get("/my/today"))
    assert "entered by Tess" in page
    assert "3 of 3 sets done" in page


def test_a_session_is_filled_in_as_the_log_has_it_and_changed(athlete: Cast) -> None:
    athlete.cleo.post("/my/ticks", {"tick": f"{BRIDGE} 1 1", "on": today(athlete)})
    page = athlete.tess.get(path(athlete, "session")).text
    field = re.search(rf'<select[^>]*name="sets.{BRIDGE}".*?</select>', page, re.DOTALL)
    assert field is not None
    assert 'value="1" selected' in field[0]
    assert "entered by Cleo" in words(athlete.tess.get(path(athlete, "session")))
    athlete.clock.move(minutes=1)
    assert session(athlete, **{f"sets.{BRIDGE}": "0"}).status_code == 303
    found = athlete.tess.api.get(path(athlete, "practice")).json()["days"][0]["items"]
    assert [item["done_sets"] for item in found] == [0]


def test_what_is_wrong_in_a_session_stands_beside_its_field_and_nothing_is_saved(athlete: Cast) -> None:
    answer = session(athlete, **{f"sets.{BRIDGE}": "2", f"skip.{BRIDGE}": "no_time", "bridge.both.reps": "many"})
    assert answer.status_code == 422
    assert f'id="f-skip.{BRIDGE}-error"' in answer.text
    assert 'id="f-bridge.both.reps-error"' in answer.text
    assert 'value="many"' in answer.text
    assert written(athlete, "practice_event") == 0


def test_a_row_that_was_shown_when_the_page_was_opened_is_saved_though_it_is_due_no_more(athlete: Cast) -> None:
    step = "strengthening/step-up/left"
    assert f'name="sets.{step}"' in athlete.tess.get(path(athlete, "session")).text
    sign(athlete, "strengthening", override_reason=WHY)
    assert f'name="sets.{step}"' not in athlete.tess.get(path(athlete, "session")).text
    assert session(athlete, **{f"sets.{step}": "2", f"sets.{BRIDGE}": "1"}).status_code == 303
    found = athlete.tess.api.get(path(athlete, "practice")).json()["days"][0]["items"]
    assert {item["item"]: item["done_sets"] for item in found} == {step: 2, BRIDGE: 1}


@pytest.mark.parametrize("item", ["rdl/rdl-dowel/both", "strengthening/long-gone/both"])
def test_a_row_that_cant_be_saved_any_more_is_refused_beside_it_with_what_was_typed_and_nothing_is_saved(athlete: Cast, item: str) -> None:
    answer = session(athlete, **{f"sets.{item}": "2", f"sets.{BRIDGE}": "1"})
    assert answer.status_code == 422
    assert f'id="f-sets.{item}-error"' in answer.text
    assert "Not due any more on that day" in words(answer)
    field = re.search(rf'<select[^>]*name="sets.{item}".*?</select>', answer.text, re.DOTALL)
    assert field is not None
    assert 'value="2" selected' in field[0]
    assert written(athlete, "practice_event") == 0
    assert session(athlete, **{f"sets.{item}": "0", f"load.{item}": "8", f"sets.{BRIDGE}": "1"}).status_code == 303, "nothing typed of it"


def test_what_was_seen_of_an_exercise_that_is_not_asked_for_any_more_is_told_with_what_was_typed(athlete: Cast) -> None:
    answer = session(athlete, **{"rdl-dowel.both.reps": "8", "rdl-dowel.both.note": "Smooth.", f"sets.{BRIDGE}": "1"})
    assert answer.status_code == 422
    assert "What you saw of rdl dowel is not asked for any more, so it is not saved: reps 8; note Smooth." in words(answer)
    assert written(athlete, "practice_event") == 0


def test_what_was_typed_of_a_session_comes_along_to_another_day_and_is_saved_there_alone(athlete: Cast) -> None:
    """Only what she changed: what the log has of either day stays with it."""
    first = today(athlete)
    athlete.cleo.post("/my/ticks", {"tick": f"{BRIDGE} 1 1", "on": first})
    later(athlete, 1)
    typed = {f"sets.{BRIDGE}": "0", f"effort.{BRIDGE}": "ok", "bridge.both.reps": "8"}
    for press in ({"then": "day"}, {}):
        answer = session(athlete, **typed, to=first, **press)
        assert answer.status_code == 409
        assert "Nothing is saved yet" in words(answer)
        assert f'name="on" value="{first}"' in answer.text
        sent = next(form.fields for form in plain_forms(answer.text) if f"sets.{BRIDGE}" in form.fields)
        assert [sent[name] for name in (f"sets.{BRIDGE}", f"effort.{BRIDGE}", "bridge.both.reps")] == [["1"], ["ok"], ["8"]]
    assert written(athlete, "practice_event") == 1
    assert session(athlete, to="").status_code == 422
    assert session(athlete, **typed, to="2031-01-01").status_code == 422
    assert session(athlete, to=first).headers["location"].endswith(f"session?on={first}")
    assert athlete.tess.post(path(athlete, "session"), {**typed, f"sets.{BRIDGE}": "1", "on": first, "to": first}).status_code == 303
    assert written(athlete, "practice_event") == 2


def test_an_empty_session_says_so(athlete: Cast) -> None:
    answer = session(athlete)
    assert answer.status_code == 422
    assert "Nothing is different" in words(answer)


def test_after_three_weeks_without_load_the_wall_hinge_is_looked_at_though_it_is_not_due(cast: Cast) -> None:
    with cast.work("tess") as store:
        ladder.climb(store, cast.cleo.client_id or 0, cast.clock())
    later(cast, ladder.CLIMB.days)
    with cast.work("tess") as store:
        ladder.session(store, cast.cleo.client_id or 0, ladder.KETTLEBELL, cast.clock(), sets=2, load_kg=6)
    later(cast, 24)
    waits = "After a break of three weeks the wall hinge is checked once more."
    assert waits in words(cast.tess.get(path(cast)))
    page = cast.tess.get(path(cast, "session")).text
    assert f'name="sets.{WALL}"' not in page
    fields: dict[str, object] = {"wall-hinge.both.gate": KEPT, "wall-hinge.both.reps": "10"}
    assert set(fields) <= set(re.findall(r'name="([^"]+)"', page))
    assert session(cast, **fields).status_code == 303
    assert waits not in words(cast.tess.get(path(cast)))


def test_a_report_in_a_session_that_stops_everything_is_sent_twice(athlete: Cast) -> None:
    fields = {f"sets.{BRIDGE}": "1", f"pain.{BRIDGE}": "6"}
    answer = session(athlete, **fields)
    assert answer.status_code == 409
    assert "This report stops everything" in words(answer)
    assert written(athlete, "practice_event") == 0
    assert session(athlete, **fields, sure="yes").status_code == 303
    assert written(athlete, "referral") == 1
    assert "clients wait" in words(athlete.tess.get("/clients")) or "One client waits" in words(athlete.tess.get("/clients"))


def test_a_check_is_taken_back(athlete: Cast) -> None:
    sign(athlete, "strengthening", override_reason=WHY)
    later(athlete, 1)
    dowel(athlete)
    undo = re.search(r'action="(/clients/\d+/checks/[^"]+/take-back)"', athlete.tess.get(path(athlete)).text)
    assert undo is not None
    assert athlete.tess.post(undo[1]).status_code == 303
    page = athlete.tess.get(path(athlete))
    assert "taken back" in words(page)
    assert "/take-back" not in page.text.partition('id="history"')[2]


def test_loads_are_confirmed_up_to_what_the_rules_allow(athlete: Cast) -> None:
    answer = athlete.tess.post(path(athlete, "loads"), {"exercise": "rdl-kb", "load_kg": "8"})
    assert answer.status_code == 422
    assert written(athlete, "load_set") == 0


# --- how it went ----------------------------------------------------------------------------------------------------


def test_the_plan_says_what_is_done_of_a_loaded_exercise_in_these_weeks(cast: Cast) -> None:
    at = cast.clock()
    with cast.work("tess") as store:
        ladder.climb(store, cast.cleo.client_id or 0, at)
    later(cast, ladder.CLIMB.days)
    cast.tess.post(path(cast, "loads"), {"exercise": "rdl-kb", "load_kg": "6"})
    assert "kg now" not in words(cast.cleo.get("/my/plan"))
    for days in (5, 5, 5):
        with cast.work("tess") as store:
            ladder.session(store, cast.cleo.client_id or 0, ladder.KETTLEBELL, cast.clock(), sets=2, load_kg=6)
        later(cast, days)
    for page in (cast.cleo.get("/my/plan"), cast.tess.get(path(cast, "plan"))):
        assert "6 kg now 3 × 8, slow: 4 s down" in words(page)


def test_what_is_lifted_after_a_break_is_less_on_her_phone_too_until_a_load_is_confirmed(cast: Cast) -> None:
    with cast.work("tess") as store:
        ladder.climb(store, cast.cleo.client_id or 0, cast.clock())
    later(cast, ladder.CLIMB.days)
    cast.tess.post(path(cast, "loads"), {"exercise": "rdl-kb", "load_kg": "6"})
    for days in (9, 1):
        with cast.work("tess") as store:
            ladder.session(store, cast.cleo.client_id or 0, ladder.KETTLEBELL, cast.clock(), sets=2, load_kg=6)
        later(cast, days)
        assert "2 × 8 · 5 kg" in words(cast.cleo.get("/my/today"))
        assert "Proposed 5 kg" in words(cast.tess.get(path(cast)))
    cast.tess.post(path(cast, "loads"), {"exercise": "rdl-kb", "load_kg": "4"})
    assert "2 × 8 · 4 kg" in words(cast.cleo.get("/my/today"))


def test_nobody_is_asked_to_lift_what_no_trainer_has_confirmed(cast: Cast) -> None:
    with cast.work("tess") as store:
        ladder.climb(store, cast.cleo.client_id or 0, cast.clock())
    later(cast, ladder.CLIMB.days)
    page = cast.cleo.get("/my/today")
    assert ladder.RDL in page.text
    assert ladder.KETTLEBELL not in page.text
    assert "next: Kettlebell or dumbbell RDL, once your trainer has confirmed the first load" in words(page)
    for page in (cast.cleo.get("/my/plan"), cast.tess.get(path(cast))):
        assert "A trainer confirms the first load; until then the one before it is practised." in words(page)
    cast.tess.post(path(cast, "loads"), {"exercise": "rdl-kb", "load_kg": "6"})
    page = cast.cleo.get("/my/today")
    assert ladder.KETTLEBELL in page.text
    assert ladder.RDL not in page.text
    assert "once your trainer" not in words(page)


def test_an_easier_week_says_to_both_why_it_began(cast: Cast) -> None:
    at = cast.clock()
    with cast.work("tess") as store:
        ladder.climb(store, cast.cleo.client_id or 0, at)
    later(cast, ladder.CLIMB.days)
    cast.tess.post(path(cast, "loads"), {"exercise": "rdl-kb", "load_kg": "6"})
    sore = {"rdl-kb.both.gate": KEPT, "rdl-kb.both.reps": "8", "rdl-kb.both.sore_over_72h": "yes"}
    assert session(cast, **{"sets.rdl/rdl-kb/both": "2", "load.rdl/rdl-kb/both": "6"}, **sore).status_code == 303
    later(cast, 1)
    until = cast.clock().date() + timedelta(days=6)
    for page in (cast.cleo.get("/my/today"), cast.tess.get(path(cast))):
        told = words(page).partition("easier week after more than 72 hours of soreness: half of the sets and 10 % less load. Until ")[2]
        assert told.startswith((f"{until:%A} {until.day} ", f"{until.day} "))


def test_of_a_session_that_hurt_her_the_page_says_that_it_does_not_count(cast: Cast) -> None:
    with cast.work("tess") as store:
        ladder.climb(store, cast.cleo.client_id or 0, cast.clock())
    later(cast, ladder.CLIMB.days)
    cast.tess.post(path(cast, "loads"), {"exercise": "rdl-kb", "load_kg": "6"})
    seen = {"rdl-kb.both.gate": KEPT, "rdl-kb.both.reps": "8"}
    assert session(cast, **{"sets.rdl/rdl-kb/both": "2", "pain.rdl/rdl-kb/both": "3"}, **seen).status_code == 303
    page = words(cast.tess.get(path(cast)))
    assert "Not kept: pain 0 to 2 of 10" in page
    assert "Cleo told of more pain" in page


def test_a_report_of_nothing_is_asked_for_again(athlete: Cast) -> None:
    assert report(athlete, BRIDGE).status_code == 422
    answer = report(athlete, BRIDGE, feel="sharp")
    assert answer.status_code == 422
    assert "How much did it hurt" in words(answer)


def test_no_pain_is_a_report_too(athlete: Cast) -> None:
    assert report(athlete, BRIDGE, pain="0", effort="ok").status_code == 303
    assert "no pain" in words(athlete.cleo.get("/my/today"))
    assert written(athlete, "practice_event") == 1


def test_a_tick_after_a_report_keeps_the_report(athlete: Cast) -> None:
    report(athlete, BRIDGE, pain="2", effort="too_hard")
    athlete.clock.move(minutes=1)
    button = re.search(rf'class="tick-main" form="ticks" name="tick" value="({BRIDGE} 1 1[^"]*)"', athlete.cleo.get("/my/today").text)
    assert button is not None
    assert athlete.cleo.post("/my/ticks", {"tick": button[1], "on": today(athlete)}).status_code == 303
    page = words(athlete.cleo.get("/my/today"))
    assert "hurt 2 of 10" in page
    assert "1 of 2 sets done" in page


def test_a_page_from_before_a_correction_brings_no_pain_back(athlete: Cast) -> None:
    report(athlete, BRIDGE, pain="2", effort="ok")
    old = re.search(rf'value="({BRIDGE} 1 1[^"]*)"', athlete.cleo.get("/my/today").text)
    assert old is not None
    athlete.clock.move(minutes=1)
    report(athlete, BRIDGE, pain="0")
    athlete.clock.move(minutes=1)
    assert athlete.cleo.post("/my/ticks", {"tick": old[1], "on": today(athlete)}).status_code == 303
    page = words(athlete.cleo.get("/my/today"))
    assert "no pain" in page
    assert "hurt 2 of 10" not in page


def test_what_hurts_a_little_rests_and_its_easier_version_comes(athlete: Cast) -> None:
    answer = report(athlete, BRIDGE, pain="3")
    assert "said=pain-noted" in answer.headers["location"]
    page = words(athlete.cleo.get("/my/today"))
    assert "which rests" in page or "rests today" in page


@pytest.mark.parametrize("told", [{"pain": "5"}, {"pain": "1", "feel": "shooting"}])
def test_what_stops_the_plan_is_said_first_and_then_done(athlete: Cast, told: dict[str, str]) -> None:
    answer = report(athlete, BRIDGE, **told)
    assert answer.status_code == 200
    assert "This stops your plan" in words(answer)
    assert "All your exercises lock" in words(answer)
    assert written(athlete, "practice_event") == 0
    answer = report(athlete, BRIDGE, **told, sure="yes")
    assert answer.status_code == 303
    page = words(athlete.cleo.get("/my/today"))
    assert "tick-main" not in athlete.cleo.get("/my/today").text
    assert "Reported" in words(athlete.cleo.get(answer.headers["location"])) or page
    roster = words(athlete.tess.get("/clients"))
    assert "One client waits for an answer" in roster
    assert "from practice" in roster
    assert sign(athlete, "strengthening", override_reason=WHY).status_code == 409


def test_an_exercise_is_left_out_with_its_reason(athlete: Cast) -> None:
    assert report(athlete, BRIDGE, skipped="no_equipment").status_code == 303
    assert "skipped: no equipment" in words(athlete.cleo.get("/my/today"))
    assert report(athlete, CURL, skipped="no_time", pain="2").status_code == 422


def test_a_report_sent_twice_is_one(athlete: Cast) -> None:
    for _ in range(2):
        assert report(athlete, BRIDGE, pain="1", seen="0").status_code == 303
    assert written(athlete, "practice_event") == 1


def test_a_phone_that_was_offline_sends_its_own_id_and_time(athlete: Cast) -> None:
    told = {"id": "3f0c2f9e-6f0a-4df0-8a55-0f3f7f4c0007", "at": "2026-11-23T07:00:00Z"}
    for _ in range(2):
        assert report(athlete, BRIDGE, pain="2", **told).status_code == 303
    with athlete.work("tess", writes=False) as store:
        assert store.session.scalar(sql("select uuid from practice_event")) == told["id"]


def test_the_morning_after_is_asked_once_and_may_be_left(athlete: Cast) -> None:
    assert "morning after" not in words(athlete.cleo.get("/my/today"))
    athlete.cleo.post("/my/ticks", {"tick": f"{BRIDGE} 1 1", "on": today(athlete)})
    later(athlete, 1)
    page = athlete.cleo.get("/my/today").text
    assert "The morning after yesterday" in page
    answer = athlete.cleo.post("/my/morning", {"session": DAY.isoformat(), "pain": "0"})
    assert answer.status_code == 303
    assert "The morning after" not in athlete.cleo.get("/my/today").text
    assert athlete.cleo.post("/my/morning", {"session": DAY.isoformat(), "pain": "11"}).status_code == 422
    assert athlete.cleo.post("/my/morning", {"session": today(athlete), "pain": "1"}).status_code == 409


def test_a_bad_morning_is_asked_twice_and_stands_in_the_letter(athlete: Cast) -> None:
    athlete.cleo.post("/my/ticks", {"tick": f"{BRIDGE} 1 1", "on": today(athlete)})
    later(athlete, 1)
    bad = {"session": DAY.isoformat(), "pain": "6"}
    asked = athlete.cleo.post("/my/morning", bad)
    assert "Nothing is sent yet." in words(asked)
    assert 'name="pain" value="6"' in asked.text
    assert written(athlete, "referral") == 0
    assert "said=pain-stopped" in athlete.cleo.post("/my/morning", {**bad, "sure": "yes"}).headers["location"]
    stop = re.search(r"/clients/\d+/referrals/\d+", athlete.tess.get(path(athlete)).text)
    assert stop is not None
    letter = words(athlete.tess.get(f"{stop[0]}/note"))
    assert "The morning after the session 23 November 2026 6 of 10" in letter
    assert "up to 6 of 10 the morning after practice: place not noted" in letter


# --- other days -----------------------------------------------------------------------------------------------------


def test_cleo_fills_in_an_earlier_day(athlete: Cast) -> None:
    later(athlete, 3)
    on = (DAY + timedelta(days=1)).isoformat()
    page = athlete.cleo.get(f"/my/today?on={on}")
    assert "An earlier day" in words(page)
    answer = athlete.cleo.post("/my/ticks", {"tick": f"{BRIDGE} 1 1", "on": on, "earlier": "yes"})
    assert answer.headers["location"].startswith(f"/my/today?on={on}")
    assert "1 of " in words(athlete.cleo.get(f"/my/today?on={on}"))


def test_both_read_a_week_ahead_when_the_phone_is_signed_out(athlete: Cast) -> None:
    profile, ends = f"/clients/{athlete.cleo.client_id}", athlete.clock() + timedelta(days=30)
    for days, told in ((22, False), (2, True)):
        later(athlete, days)
        for page in (athlete.cleo.get("/my/today"), athlete.tess.get(profile)):
            assert (f"is signed out on {ends.day} {ends:%B %Y}" in words(page)) is told
    assert f'Signed in until">{ends:%d %b}' in athlete.tess.get(profile + "/access").text


@pytest.mark.parametrize("days", [-1, 5, 21])
def test_days_that_cant_be_filled_in_are_refused(athlete: Cast, days: int) -> None:
    later(athlete, 20)
    on = (DAY + timedelta(days=days)).isoformat()
    assert athlete.cleo.get(f"/my/today?on={on}").status_code == 422


# --- what happened --------------------------------------------------------------------------------------------------


def test_after_a_fall_a_screen_is_due_for_both_and_the_note_is_for_tess(athlete: Cast) -> None:
    later(athlete, 3)
    assert "to screen again" not in words(athlete.tess.get("/clients"))
    fall = {"kind": "fall", "happened_on": today(athlete), "event_note": "On the stairs."}
    assert athlete.tess.post(path(athlete, "events"), fall).headers["location"].endswith("#due")
    because = "Something happened since the last screen: a fall."
    page = athlete.tess.get(path(athlete))
    assert because in words(page)
    assert "Noted by Tess. On the stairs." in words(page)
    assert "to screen again" in words(athlete.tess.get("/clients"))
    hers = words(athlete.cleo.get("/my/plan"))
    assert because in hers
    assert "stairs" not in hers
    undo = re.search(r'action="([^"]+/events/\d+/take-back)"', page.text)
    assert undo is not None
    assert athlete.tess.post(undo[1]).status_code == 303
    assert because not in words(athlete.tess.get(path(athlete)))
    assert because not in words(athlete.cleo.get("/my/plan"))


def test_what_cant_have_happened_stays_typed_with_what_is_wrong(athlete: Cast) -> None:
    form = {"kind": "fall", "happened_on": (DAY + timedelta(days=2)).isoformat(), "event_note": "On the stairs."}
    answer = athlete.tess.post(path(athlete, "events"), form)
    assert answer.status_code == 422
    assert "This day has not come yet." in words(answer)
    assert "On the stairs." in answer.text
    assert athlete.tess.post(path(athlete, "events"), form | {"happened_on": today(athlete)}).status_code == 303
    twice = athlete.tess.post(path(athlete, "events"), form | {"happened_on": today(athlete), "event_note": "Off a horse."})
    assert twice.status_code == 409
    assert "This is noted already for that day." in words(twice)
    assert athlete.tess.post(path(athlete, "events"), {"event_note": "Off a horse."}).status_code == 422
    assert written(athlete, "client_event") == 1


@pytest.mark.parametrize("stopped", ["", "painful-test"])
def test_what_happened_is_noted_without_a_plan_too(cast: Cast, stopped: str) -> None:
    if stopped:
        finish(cast, situation(stopped))
    form = {"kind": "surgery", "happened_on": today(cast), "event_note": "The left knee."}
    assert path(cast, "events") in cast.tess.get(path(cast)).text
    assert path(cast) in cast.tess.get(f"/clients/{cast.cleo.client_id}").text
    assert cast.tess.post(path(cast, "events"), form).status_code == 303
    assert "An operation" in words(cast.tess.get(path(cast))).partition("Noted by Tess. The left knee.")[0]
    assert cast.tess.post(path(cast, "events"), form | {"event_note": "The right one."}).status_code == 409


def test_a_screen_that_is_due_is_begun_from_where_it_is_told(athlete: Cast) -> None:
    begin = f'href="{path(athlete, "screens/new")}"'
    assert begin not in athlete.tess.get(path(athlete)).text
    later(athlete, 28)
    assert begin in athlete.tess.get(path(athlete)).text


# --- the roster -----------------------------------------------------------------------------------------------------


def test_a_stage_that_is_ready_says_so_in_its_row(athlete: Cast) -> None:
    assert "ready to sign" not in words(athlete.tess.get("/clients"))
    sign(athlete, "strengthening", override_reason=WHY)
    for _ in range(2):
        later(athlete, 2)
        dowel(athlete)
    assert "ready to sign: dowel" in words(athlete.tess.get("/clients"))
    sign(athlete, "dowel")
    assert "ready to sign" not in words(athlete.tess.get("/clients"))


def test_screens_that_are_due_stand_above_the_list(athlete: Cast) -> None:
    assert "due again" not in words(athlete.tess.get("/clients"))
    later(athlete, 14)
    athlete.cleo.post("/my/ticks", {"tick": f"{BRIDGE} 1 1", "on": today(athlete)})
    later(athlete, 14)
    page = words(athlete.tess.get("/clients"))
    assert "One screen is due again" in page
    assert "Cleo since 21 Dec 2026" in page


def test_a_screen_that_is_logged_late_is_what_the_plan_is_made_from_and_not_the_last_one(athlete: Cast) -> None:
    later(athlete, 1)
    finish(athlete, situation("hypermobile-dancer", taken_on=DAY - timedelta(days=40)))
    page = athlete.tess.get("/clients")
    assert '<td data-label="Last screen">23 Nov 2026</td>' in page.text
    assert "to screen again" not in words(page)
    assert "due again" not in words(page)
    assert "21 Dec 2026 Four weeks since the last screen." in words(athlete.tess.get(path(athlete)))
    assert "Made from the screen of 14 Oct 2026." in words(athlete.tess.get(f"/clients/{athlete.cleo.client_id}"))
