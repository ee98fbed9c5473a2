"""The plan as Tess reads it, earlier plans, and Cleo's own page."""

import re
from dataclasses import replace

import pytest

from app.services import clients
from tests.cast import Cast
from tests.finished import finish, situation

TIGHT = "desk-worker-with-a-tilt"


@pytest.fixture
def cast(sqlite_cast: Cast) -> Cast:
    return sqlite_cast


def page(cast: Cast, path: str = "/plan", who: str = "tess", client: str = "cleo") -> str:
    answer = cast.people[who].get(f"/clients/{cast.people[client].client_id}{path}")
    assert answer.status_code == 200, answer.text
    return words(answer.text)


def mine(cast: Cast, who: str = "cleo") -> str:
    answer = cast.people[who].get("/my/plan")
    assert answer.status_code == 200, answer.text
    return words(answer.text)


def words(html: str) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<[^>]+>", " ", html).replace("&#39;", "'").replace("&amp;", "&")
    return re.sub(r"\s+([.,:;)])", r"\1", re.sub(r"\s+", " ", text))


# --- the plan in force ----------------------------------------------------------------------------------------------


def test_without_a_screen_the_page_says_the_next_step(cast: Cast) -> None:
    assert "The screen comes first" in page(cast)
    assert f'action="/clients/{cast.cleo.client_id}/screens"' in cast.tess.get(f"/clients/{cast.cleo.client_id}/plan").text


def test_the_page_says_where_things_stand_and_shows_seven_stages(cast: Cast) -> None:
    finish(cast, situation("cannot-kneel"))
    text = page(cast)
    assert "Three stages open, the dowel is next" in text
    assert all(
        name in text
        for name in (
            "1. Flexibility",
            "2. Self-massage (SMR)",
            "3. Strengthening",
            "4. Dowel",
            "5. Wall",
            "6. Romanian deadlift",
            "7. Single-leg",
        )
    )
    assert "Opens when flexibility, self-massage (SMR) and strengthening are passed." in text
    assert "To pass this stage" in text


def test_a_line_says_exercise_side_dose_and_why_and_opens_its_whole_chain(cast: Cast) -> None:
    finish(cast, situation("one-sided-hamstring"))
    text = page(cast)
    assert "Supine hamstring stretch with strap left" in text
    assert "4 × 30 s 3 to 7 days a week" in text
    assert "(left 30°, reference up to 20° short of straight)" in text
    assert "Seen Active knee extension, left: 30°" in text
    assert "This is the side that lags." in text
    assert "Rule R15. Because" in text
    assert "article S28 S40" in text
    assert "Dose 4 × 30 s, 10 s rest; 3 to 7 days a week. Holds of 10-30 s" in text


def test_both_sides_share_a_line_only_where_all_that_is_said_is_the_same(cast: Cast) -> None:
    finish(cast, situation("cannot-kneel"))
    text = page(cast)
    assert "Step-up left right" in text
    assert "Edge-of-bed hip-flexor stretch left Because" in text
    assert "Edge-of-bed hip-flexor stretch right Because" in text


def test_what_was_left_out_says_why_and_what_came_instead(cast: Cast) -> None:
    finish(cast, situation("cannot-kneel"))
    text = page(cast)
    assert "Runner's lunge left and right: Because kneeling hurts. Instead: Edge-of-bed hip-flexor stretch" in text
    assert "Tall-kneeling hinge, dowel on back: Because kneeling hurts. Nothing takes its place." in text


def test_turns_and_what_comes_after_some_weeks_are_said(cast: Cast) -> None:
    finish(cast, situation("everything-tight"))
    text = page(cast)
    assert "takes turns" in text
    assert "After 2 weeks: Runner's lunge" in text
    assert "Then After 2 weeks: Runner's lunge. 3 × 30 s" in text


def test_a_lock_says_until_when_and_names_its_rule(cast: Cast) -> None:
    finish(cast, situation("leg-raise-score-one"))
    text = page(cast)
    assert "Until the active leg raise scores 2 or more on both sides. R50" in text
    assert "Not yet: no load until the active leg raise scores 2 or more on both sides." in text


def test_habits_cues_and_notes_stand_on_the_page(cast: Cast) -> None:
    finish(cast, situation("squatter"))
    assert "Hips back, shins tall." in page(cast)
    finish(cast, situation("old-injury-two-short-tests"))
    assert "consider a physical therapist" in page(cast)
    finish(cast, situation("long-sitter-nothing-tight"))
    assert "Habits" in page(cast)


def test_an_archived_client_keeps_her_plan_but_nothing_can_be_done_with_it(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    assert "Give access" in page(cast)
    with cast.work("tess") as store:
        clients.archive_client(store, cast.cleo.client_id or 0, cast.clock())
    text = page(cast)
    assert "The profile is archived" in text
    assert "Give access" not in text
    assert "Three stages open" in text


# --- earlier plans --------------------------------------------------------------------------------------------------


def test_an_earlier_plan_stays_as_it_was_and_says_which_one_took_its_place(cast: Cast) -> None:
    finish(cast, situation("one-sided-hamstring"))
    before = page(cast)
    finish(cast, situation("strong-athlete"))
    earlier = page(cast, "/plans/1")
    assert "Plan 2 has taken its place" in earlier
    stages = re.compile(r"1\. Flexibility.*Where this comes from")
    first, now = stages.search(before), stages.search(earlier)
    assert first
    assert now
    assert first.group() == now.group()
    assert "Give access" not in earlier
    assert "plan 1 of 23 November 2026" in page(cast)


def test_a_plan_on_hold_says_so(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    finish(cast, situation("painful-test"))
    text = page(cast, "/plans/1")
    assert "This plan is on hold" in text
    assert "Give access" not in text


@pytest.mark.parametrize("number", ["2", "0", "-1", "2147483648", "9223372036854775808", "one"])
def test_a_number_that_is_no_plan_of_hers_is_not_there(cast: Cast, number: str) -> None:
    finish(cast, situation(TIGHT))
    assert cast.tess.get(f"/clients/{cast.cleo.client_id}/plans/{number}").status_code == 404
    assert cast.tess.api.get(f"/clients/{cast.cleo.client_id}/plans/{number}").status_code == 404


# --- the client's own ----------------------------------------------------------------------------------------------


def test_cleo_reads_her_stages_what_she_does_and_what_waits(cast: Cast) -> None:
    finish(cast, situation("one-sided-hamstring"))
    text = mine(cast)
    assert "Plan 1 of 23 November 2026 with Tess" in text
    assert "Supine hamstring stretch with strap left" in text
    assert "Because the back of your thigh moved less than the range we use (left 30°" in text
    assert "Opens when the dowel stage is passed." in text
    assert "Stop if you feel sharp pain" in text


def test_cleo_is_not_shown_what_only_her_trainer_needs(cast: Cast) -> None:
    finish(cast, situation("leg-raise-score-one"))
    text = mine(cast)
    assert not re.search(r"\bR\d\d\b|\bS\d\d\b|judgement|ruleset", text)
    assert "Kettlebell" not in text


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("emergency-red-flag", "Stop. This can be an emergency."),
        ("urgent-red-flag", "Stop. Please see a doctor first."),
        ("heart-medicine", "An OK from a health professional comes first."),
        ("painful-test", "We stop here for now."),
    ],
)
def test_a_stopped_client_gets_a_calm_page_without_exercises(cast: Cast, name: str, heading: str) -> None:
    finish(cast, situation(TIGHT))
    finish(cast, situation(name))
    text = mine(cast)
    assert heading in text
    assert "sets" not in text
    assert "lunge" not in text.lower()
    assert "bridge" not in text.lower()


def test_a_stopped_client_is_not_shown_what_she_said_in_confidence(cast: Cast) -> None:
    finish(cast, replace(situation("painful-test"), red_flags=("RF13",)))
    text = mine(cast)
    assert "this movement was painful for you" in text
    assert "operation" not in text


def test_a_client_without_a_plan_is_told_what_comes_first(cast: Cast) -> None:
    assert "Your trainer screens you first." in mine(cast)


def test_an_archived_client_is_told_that_her_plan_rests(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    with cast.work("tess") as store:
        clients.archive_client(store, cast.cleo.client_id or 0, cast.clock())
    assert "Your plan rests" in mine(cast)
