"""A stop as Tess meets it: what to say, the note to take along, the form for the answer, and nothing to practise."""

import re
from dataclasses import replace
from typing import Any

import pytest

from app.rules.contraindications import KEYS
from app.rules.vocabulary import Feel
from app.services import clients, practice
from app.services.library import current_library
from app.services.practice import Tick
from tests.cast import DAY, Cast
from tests.finished import finish, situation
from tests.web.test_plans import words

ANSWER = {"professional": "Dr Young", "cleared_on": DAY.isoformat()}


@pytest.fixture
def cast(sqlite_cast: Cast) -> Cast:
    return sqlite_cast


def stop(cast: Cast, name: str, **more: Any) -> int:
    _, outcome = finish(cast, replace(situation(name), **more))
    assert outcome.referral is not None
    return outcome.referral.id


def at(cast: Cast, referral: int, more: str = "") -> str:
    return f"/clients/{cast.cleo.client_id}/referrals/{referral}{more}"


def read(cast: Cast, path: str) -> str:
    answer = cast.tess.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


# --- the page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("emergency-red-flag", "Call the local emergency number or go to an emergency department now."),
        ("urgent-red-flag", "Please see a doctor the same day"),
        ("heart-medicine", "Some answers mean that you need an OK from a health professional first."),
        ("painful-test", "this movement was painful for you, so we stop here."),
    ],
)
def test_the_plan_page_of_a_stopped_client_says_what_to_say_and_shows_no_exercise(cast: Cast, name: str, said: str) -> None:
    finish(cast, situation("everything-tight"))
    referral = stop(cast, name)
    pages = [read(cast, f"/clients/{cast.cleo.client_id}/plan"), read(cast, at(cast, referral)), read(cast, at(cast, referral, "/note"))]
    assert said in words(pages[0])
    with cast.work("tess", writes=False) as store:
        exercises = [exercise.name for exercise in current_library(store).values()]
    for html in pages:
        assert not [exercise for exercise in exercises if exercise in words(html)]


def test_in_an_emergency_what_to_do_comes_before_everything(cast: Cast) -> None:
    stop(cast, "emergency-red-flag")
    html = read(cast, f"/clients/{cast.cleo.client_id}/plan?said=screen-stopped")
    main = words(html[html.index("<main") :])
    assert main.strip().startswith("Stop. This can be an emergency.")


@pytest.mark.parametrize("before", [True, False], ids=["with a plan on hold", "without a plan"])
def test_an_emergency_speaks_first_on_every_page_of_hers_and_the_roster_says_what_it_is(cast: Cast, *, before: bool) -> None:
    if before:
        finish(cast, situation("everything-tight"))
    referral = stop(cast, "emergency-red-flag")
    first = "Stop. This can be an emergency. New numbness between the legs"
    for page in ("?said=client-saved", "/progress?said=stage-signed"):
        html = read(cast, f"/clients/{cast.cleo.client_id}{page}")
        main = words(html[html.index("<main") :]).strip()
        assert main.startswith(first)
        assert html.count("<h1") == 1
        assert "Give access" not in main
        assert "Screen again</button>" not in html
    assert "Cleo emergency from the screen, 23 Nov 2026" in words(read(cast, "/clients"))
    cast.tess.post(at(cast, referral, "/clearance"), ANSWER)
    assert first not in words(read(cast, f"/clients/{cast.cleo.client_id}"))


def test_each_reason_says_how_pressing_it_is_and_whom_to_see(cast: Cast) -> None:
    referral = stop(cast, "painful-test", red_flags=("RF13",))
    text = words(read(cast, at(cast, referral)))
    assert "not yet cleared. clearance first To see: the doctor or other health professional" in text
    assert "so we stop here. refer To see: a physical therapist or doctor." in text


def test_the_form_asks_first_for_what_the_stop_is_about(cast: Cast) -> None:
    referral = stop(cast, "osteoporosis-cleared-to-load")
    html = read(cast, at(cast, referral))
    before, _, folded = html.partition("Other limits")
    assert 'name="limit-loaded_hinge"' in before
    assert 'name="limit-osteoporosis_loaded"' in before
    assert 'name="limit-hernia"' in folded
    assert all(f'name="limit-{key}"' in html for key in KEYS)


# --- the answer -----------------------------------------------------------------------------------------------------


def test_an_answer_leads_to_the_plan_and_stays_readable_with_who_logged_it(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    answer = cast.tess.post(
        at(cast, referral, "/clearance"),
        {**ANSWER, "limit-shoulder_pain": "not_allowed", "limit-wrist_pain": "allowed", "note": "By post."},
    )
    assert answer.status_code == 303
    text = words(read(cast, answer.headers["location"]))
    assert "Plan 1 is in force, with what Dr Young left out." in text
    assert "From Dr Young, 23 November 2026" in text
    assert f"Allowed {KEYS['wrist_pain'].label}" in text
    assert f"Left out {KEYS['shoulder_pain'].label}" in text
    assert "By post." in text
    assert "23 November 2026 by Tess" in text
    assert "open, the dowel" in words(read(cast, f"/clients/{cast.cleo.client_id}/plan"))


def test_an_answer_to_a_stop_without_measurements_says_that_the_screen_is_next(cast: Cast) -> None:
    referral = stop(cast, "heart-medicine", measurements=())
    location = cast.tess.post(at(cast, referral, "/clearance"), ANSWER).headers["location"]
    assert "Answered: now screen" in words(read(cast, location))
    assert "Answered: now screen" in words(read(cast, f"/clients/{cast.cleo.client_id}/plan"))
    assert "Next: your screen" in words(cast.cleo.get("/my/plan").text)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "professional"),
        ({"professional": "Dr Young"}, "cleared_on"),
        ({"professional": "Dr Young", "cleared_on": "2026-11-22"}, "cleared_on"),
        ({"professional": "Dr Young", "cleared_on": "2026-11-24"}, "cleared_on"),
        ({"professional": "Dr Young", "cleared_on": "yesterday"}, "cleared_on"),
        ({"professional": "Dr Young", "cleared_on": "1764000000"}, "cleared_on"),
    ],
)
def test_an_answer_that_makes_no_sense_is_returned_with_what_was_typed(cast: Cast, typed: dict[str, str], field: str) -> None:
    referral = stop(cast, "painful-test")
    answer = cast.tess.post(at(cast, referral, "/clearance"), {"note": "Kept.", "limit-hernia": "not_allowed", **typed})
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    assert "Kept." in answer.text
    assert re.search(r'name="limit-hernia" value="not_allowed" checked', answer.text)
    assert "We stop here for now." in words(read(cast, at(cast, referral)))


def test_a_second_answer_is_a_conflict_and_says_who_answered(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    cast.tess.post(at(cast, referral, "/clearance"), ANSWER)
    answer = cast.tess.post(at(cast, referral, "/clearance"), {**ANSWER, "professional": "Dr Old"})
    assert answer.status_code == 409
    assert "The answer of Dr Young" in words(answer.text)
    assert 'name="professional"' not in answer.text


def test_a_stop_that_was_taken_over_leads_to_the_one_that_waits(cast: Cast) -> None:
    older = stop(cast, "painful-test")
    newer = stop(cast, "heart-medicine")
    assert at(cast, newer) in read(cast, at(cast, older))
    assert at(cast, older) in read(cast, at(cast, newer))
    assert cast.tess.post(at(cast, older, "/clearance"), ANSWER).status_code == 409


def test_an_archived_profile_shows_no_form_and_takes_no_answer(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    with cast.work("tess") as store:
        clients.archive_client(store, cast.cleo.client_id or 0, cast.clock())
    html = read(cast, at(cast, referral))
    assert 'name="professional"' not in html
    assert 'name="step"' not in html
    for path, typed in (("/clearance", ANSWER), ("/sent", SENT), ("/answer", HEARD), ("/note", {"remark": "x"})):
        assert cast.tess.post(at(cast, referral, path), typed).status_code == 409


# --- the way to an answer -------------------------------------------------------------------------------------------

SENT = {"sent_to": "Dr Young", "sent_on": DAY.isoformat()}
HEARD = {"answered_by": "Dr Young", "answered_on": DAY.isoformat(), "answer": "An image first.", "verdict": "answered"}


def fold(html: str, name: str) -> str:
    """One of the forms of what may come next."""
    return re.split(rf'<details[^>]* id="{name}"', html)[1].split("</form>")[0]


def test_the_page_shows_where_a_stop_stands_with_dates_and_who_noted_it(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    way = words(read(cast, at(cast, referral)))
    assert "Stopped 23 November 2026, with the screen Handed over Answered Cleared or not" in way
    for path, typed in (("/sent", SENT), ("/answer", HEARD), ("/answer", {**HEARD, "verdict": "not_cleared", "answer": "Not for now."})):
        answer = cast.tess.post(at(cast, referral, path), typed)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, at(cast, referral))
    way = words(read(cast, at(cast, referral)))
    for part in (
        "Not cleared for now",
        "Handed over 23 November 2026 to Dr Young noted 23 November 2026 by Tess",
        "Answered 23 November 2026 by Dr Young An image first. noted 23 November 2026 by Tess",
        "Not cleared for now 23 November 2026 by Dr Young Not for now. noted 23 November 2026 by Tess Undo not cleared for now",
        "Another answer",
    ):
        assert part in way, part
    assert way.count("Undo") == 1


@pytest.mark.parametrize(
    ("path", "which", "typed", "field"),
    [
        ("/sent", "send", {**SENT, "sent_to": ""}, "sent_to"),
        ("/sent", "send", {**SENT, "sent_on": "2026-11-24"}, "sent_on"),
        ("/sent", "send", {**SENT, "sent_on": "2026-11-22"}, "sent_on"),
        ("/sent", "send", {**SENT, "sent_on": "soon"}, "sent_on"),
        ("/answer", "hear", {**HEARD, "answered_by": " "}, "answered_by"),
        ("/answer", "hear", {**HEARD, "answered_on": "2026-11-22"}, "answered_on"),
        ("/answer", "hear", {**HEARD, "answer": ""}, "answer"),
        ("/answer", "hear", {**HEARD, "verdict": "cleared"}, "verdict"),
        ("/answer", "hear", {**HEARD, "answer": "x" * 4001}, "answer"),
        ("/clearance", "clear", {**ANSWER, "professional": ""}, "professional"),
    ],
)
def test_a_step_that_makes_no_sense_is_returned_in_its_own_form(
    cast: Cast, path: str, which: str, typed: dict[str, str], field: str
) -> None:
    referral = stop(cast, "painful-test")
    answer = cast.tess.post(at(cast, referral, path), typed)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in fold(answer.text, which)
    assert re.search(rf'<details class="[^"]*" id="{which}" open>', answer.text)
    assert answer.text.count('id="errors"') == 1
    for name, value in typed.items():
        if name != field and name != "verdict":
            assert value in fold(answer.text, which)
    assert "We stop here for now." in words(read(cast, at(cast, referral)))


def test_the_form_of_the_likeliest_next_step_is_open_and_knows_what_is_known(cast: Cast) -> None:
    def opened() -> list[str]:
        return re.findall(r'<details class="card[^"]*" id="(\w+)" open>', read(cast, at(cast, referral)))

    referral = stop(cast, "painful-test")
    assert opened() == ["send"]
    cast.tess.post(at(cast, referral, "/sent"), SENT)
    assert opened() == ["hear"]
    assert 'value="Dr Young"' in fold(read(cast, at(cast, referral)), "hear")
    cast.tess.post(at(cast, referral, "/answer"), HEARD)
    assert opened() == ["clear"]
    assert 'value="Dr Young"' in fold(read(cast, at(cast, referral)), "clear")
    cast.tess.post(at(cast, referral, "/answer"), {**HEARD, "verdict": "not_cleared"})
    assert opened() == ["send"]


def test_only_the_last_step_is_taken_back(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    cast.tess.post(at(cast, referral, "/sent"), SENT)
    cast.tess.post(at(cast, referral, "/answer"), HEARD)
    (step,) = re.findall(r'name="step" value="(\d+)"', read(cast, at(cast, referral)))
    assert cast.tess.post(at(cast, referral, "/back"), {"step": "1" if step != "1" else "2"}).status_code == 409
    assert cast.tess.post(at(cast, referral, "/back"), {"step": "one"}).status_code == 422
    assert cast.tess.post(at(cast, referral, "/back"), {"step": step}).status_code == 303
    assert "Handed over: the answer is awaited" in words(read(cast, at(cast, referral)))
    refused = cast.tess.post(at(cast, referral, "/back"), {"step": step})
    assert refused.status_code == 409
    assert "That step is not the last one any more" in words(refused.text)


def test_a_program_reads_what_a_stop_waits_for_and_still_clears_it(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    cast.tess.post(at(cast, referral, "/answer"), {**HEARD, "verdict": "not_cleared"})
    for who in (cast.tess, cast.cleo):
        plan = who.api.get(f"/clients/{cast.cleo.client_id}/plan").json()
        assert (plan["number"], plan["stages"], plan["referral"]["state"]) == (None, [], "not_cleared")
    assert clear(cast, referral).json()["referral"]["state"] == "cleared"
    assert clear(cast, referral).status_code == 409


def test_what_the_limits_took_out_stands_with_the_answer_and_why(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    location = cast.tess.post(at(cast, referral, "/clearance"), {**ANSWER, "limit-shoulder_pain": "not_allowed"}).headers["location"]
    text = words(read(cast, location))
    assert "What the limits took out of the plan" in text
    assert f"Front plank: {KEYS['shoulder_pain'].because} Instead: Dead bug" in text
    other = stop(cast, "resting-pain")
    location = cast.tess.post(at(cast, other, "/clearance"), ANSWER).headers["location"]
    assert KEYS["wrist_pain"].because not in words(read(cast, location))


# --- the note to take along -----------------------------------------------------------------------------------------


def test_the_question_and_a_remark_can_be_put_in_other_words_and_stay_with_the_stop(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    usual = "Would you look at what is described here?"
    assert usual in read(cast, at(cast, referral, "/note"))
    typed = {"question": "May she <b>lunge</b>?", "remark": "On the left."}
    assert cast.tess.post(at(cast, referral, "/note"), typed).status_code == 303
    html = read(cast, at(cast, referral, "/note"))
    assert usual not in html
    assert "<b>lunge" not in html
    assert "Remark On the left." in words(html)
    cast.tess.post(at(cast, referral, "/note"), {"question": "", "remark": ""})
    assert usual in read(cast, at(cast, referral, "/note"))
    for wrong in ({"question": "x" * 1001}, {"remark": "x" * 1001}):
        answer = cast.tess.post(at(cast, referral, "/note"), wrong)
        assert answer.status_code == 422
        assert "x" * 1001 in answer.text
        assert "x" * 1001 not in read(cast, at(cast, referral, "/note"))


def test_the_usual_question_stays_the_usual_one_when_only_a_remark_is_added(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    html = read(cast, at(cast, referral, "/note"))
    usual = re.search(r'<textarea id="f-question"[^>]*>\s*([^<]+)</textarea>', html)
    assert usual is not None
    cast.tess.post(at(cast, referral, "/note"), {"question": usual[1], "remark": "On the left."})
    with cast.work("tess", writes=False) as store:
        row = store.referrals.get(store.clients.get(cast.cleo.client_id or 0), referral)
        assert (row.question, row.remark) == (None, "On the left.")


def test_the_note_of_an_answered_stop_is_only_read_and_says_who_can_see_it(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    cast.tess.post(at(cast, referral, "/clearance"), ANSWER)
    html = read(cast, at(cast, referral, "/note"))
    assert "<form" not in html
    assert "Who can see this The person it is about, Tess, and whoever is given this sheet." in words(html)
    assert cast.tess.post(at(cast, referral, "/note"), {"question": "Too late?"}).status_code == 409


def test_the_note_has_what_a_professional_needs_and_no_name(cast: Cast) -> None:
    finish(cast, situation("desk-worker-with-a-tilt"))
    referral = stop(cast, "painful-test")
    text = words(read(cast, at(cast, referral, "/note")))
    for part in (
        "23 November 2026 · C.",
        "Active knee extension, left: this movement was painful.",
        "Active knee extension, left 24°",
        "4 of 10 in this movement",
        "0 of 10 at rest",
        "Plan 1 is on hold.",
        "Would you look at what is described here?",
        "Tess, tess@northside.example",
    ):
        assert part in text, part
    assert "Cleo" not in text


@pytest.mark.parametrize(
    ("feel", "said"), [(Feel.SHARP, "Sharp pain"), (Feel.CATCHING, "Catching pain"), (Feel.BELOW_KNEE, "Pain below the knee")]
)
def test_what_cleo_reported_is_told_as_she_reported_it_and_nothing_else(cast: Cast, feel: Feel, said: str) -> None:
    finish(cast, situation("minimum-only"))
    item = "flexibility/strap-ham/left"
    with cast.work("cleo") as store:
        report = Tick("00000000-0000-4000-8000-000000000001", item, 1, DAY, cast.clock(), done=True, pain=2, feel=feel)
        assert practice.add_ticks(store, cast.cleo.client_id or 0, [report], cast.clock(), DAY).stopped
    where = "in practice on 23 November (Supine hamstring stretch with strap, left side)"
    told = f"{said} was reported {where}. It is treated as a red flag, so we stop here."
    (of_api,) = cast.tess.api.get(f"/clients/{cast.cleo.client_id}/plan").json()["referral"]["reasons"]
    assert (of_api["rule"], of_api["text"]) == ("RF5", told)
    assert told in words(read(cast, "/clients"))
    with cast.work("tess", writes=False) as store:
        (referral,) = store.referrals.all(store.clients.get(cast.cleo.client_id or 0))
    for page in (read(cast, at(cast, referral.id)), read(cast, at(cast, referral.id, "/note"))):
        assert told.removesuffix(", so we stop here.") in words(page)
        assert "when the leg is raised" not in words(page)


def test_the_note_carries_resting_pain_and_what_an_older_stop_left_open(cast: Cast) -> None:
    stop(cast, "painful-test")
    referral = stop(cast, "resting-pain")
    text = words(read(cast, at(cast, referral, "/note")))
    assert "Active knee extension, left 24°" in text
    assert re.search(r"Pain of \d of 10 at rest", text)


@pytest.mark.parametrize(("name", "note"), [("Cleo Marsh", "C. M."), ("K-17", "K-17"), ("Zoë", "Z.")])
def test_a_note_shows_initials_or_the_code(cast: Cast, name: str, note: str) -> None:
    with cast.work("tess") as store:
        store.clients.get(cast.cleo.client_id or 0).name = name
    assert f"23 November 2026 · {note}" in words(read(cast, at(cast, stop(cast, "painful-test"), "/note")))


# --- for programs ---------------------------------------------------------------------------------------------------


def clear(cast: Cast, referral: int, **more: Any) -> Any:
    body = {**ANSWER, "allowed": [], "not_allowed": [], **more}
    return cast.tess.api.post(f"/clients/{cast.cleo.client_id}/referrals/{referral}/clearance", body)


def test_a_program_logs_an_answer_and_gets_the_plan(cast: Cast) -> None:
    referral = stop(cast, "osteoporosis-cleared-to-load")
    answer = clear(cast, referral, allowed=["loaded_hinge"], note="By telephone.")
    assert answer.status_code == 200, answer.text
    assert answer.json()["referral"]["state"] == "cleared"
    assert (answer.json()["plan"]["number"], answer.json()["plan"]["status"]) == (1, "PLAN_READY")
    assert answer.json()["plan"] == cast.tess.api.get(f"/clients/{cast.cleo.client_id}/plan").json()
    assert clear(cast, referral).status_code == 409


def test_a_stop_without_measurements_gives_a_program_no_plan(cast: Cast) -> None:
    referral = stop(cast, "heart-medicine", measurements=())
    answer = clear(cast, referral)
    assert (answer.status_code, answer.json()["plan"]) == (200, None)
    plan = cast.tess.api.get(f"/clients/{cast.cleo.client_id}/plan").json()
    assert (plan["number"], plan["stages"], plan["referral"]["state"]) == (None, [], "cleared")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"professional": ""}, "professional"),
        ({"professional": 7}, "professional"),
        ({"cleared_on": "2026-11-24"}, "cleared_on"),
        ({"cleared_on": "2026-11-22"}, "cleared_on"),
        ({"cleared_on": 1764000000}, "cleared_on"),
        ({"cleared_on": "2026-11-23T00:00:00"}, "cleared_on"),
        ({"allowed": ["everything"]}, "allowed"),
        ({"allowed": "hernia"}, "allowed"),
        ({"allowed": ["hernia", "hernia"]}, "allowed"),
        ({"not_allowed": ["loaded_hinge"]}, "not_allowed"),
        ({"allowed": ["hernia"], "not_allowed": ["hernia"]}, "not_allowed"),
        ({"limits": []}, "limits"),
    ],
)
def test_a_program_is_told_which_field_makes_no_sense(cast: Cast, more: dict[str, Any], field: str) -> None:
    referral = stop(cast, "painful-test")
    answer = clear(cast, referral, **more)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"].split(".")[0] for error in answer.json()["errors"]] == [field]
    assert cast.tess.api.get(f"/clients/{cast.cleo.client_id}/plan").json()["referral"]["state"] == "open"
