"""Pages for practice: Cleo's day, pain, Tess's ticks for her, and the link that gives access."""

import logging
import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from httpx2 import Response
from sqlalchemy import select, text

from app.models import AuditEvent, PracticeEvent, Referral
from app.services import clients, practice
from tests import ladder
from tests.cast import DAY, HERE, PASSWORD, Cast, browser
from tests.finished import finish, situation
from tests.services.test_referrals import clear

STRAP, BRIDGE, WALL = "flexibility/strap-ham/left", "strengthening/bridge/both", "wall/wall-hinge/both"


@pytest.fixture
def cast(sqlite_cast: Cast) -> Cast:
    return sqlite_cast


@pytest.fixture
def screened(cast: Cast) -> Cast:
    finish(cast, situation("minimum-only"))
    return cast


def tick(cast: Cast, value: str, **more: str) -> Response:
    return cast.cleo.post("/my/ticks", {"tick": value, "on": DAY.isoformat(), **more})


def days(cast: Cast) -> dict[str, int]:
    found = cast.cleo.api.get(f"/clients/{cast.cleo.client_id}/practice").json()
    return {item["item"]: item["done_sets"] for day in found["days"] for item in day["items"]}


# --- her day --------------------------------------------------------------------------------------------------------


def test_a_tick_leads_back_to_its_row(screened: Cast) -> None:
    answer = tick(screened, f"{STRAP} 1 1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/my/today#flexibility-strap-ham"
    page = screened.cleo.get("/my/today").text
    assert 'id="flexibility-strap-ham"' in page
    assert f'value="{STRAP} 2 1"' in page, "a tap now ticks the second set"
    assert f'value="{STRAP} 1 0"' in page, "the first can be taken back"


def test_the_same_form_twice_is_one_tick(screened: Cast) -> None:
    for _ in range(2):
        assert tick(screened, f"{STRAP} 1 1", seen="0").status_code == 303
    assert days(screened) == {STRAP: 1}
    with screened.work("tess", writes=False) as store:
        assert store.session.scalar(text("select count(*) from practice_event")) == 1


def test_the_same_form_from_a_newer_page_is_a_new_tick(screened: Cast) -> None:
    for seen, done in ((0, 1), (1, 0), (2, 1)):
        screened.clock.move(seconds=1)
        tick(screened, f"{STRAP} 1 {done}", seen=str(seen))
    assert days(screened) == {STRAP: 1}


def test_the_worse_side_goes_first(cast: Cast) -> None:
    finish(cast, situation("right-hamstring-shorter"))
    page = cast.cleo.get("/my/today").text
    first = re.search(r'name="tick" value="(flexibility/[^"]+)"', page)
    assert first is not None
    assert first[1].split()[0].endswith("/right")


def test_a_refused_tick_says_why_beside_the_list(screened: Cast) -> None:
    answer = tick(screened, f"{WALL} 1 1")
    assert answer.status_code == 409
    assert "Opens when the dowel stage is passed." in answer.text
    assert "3 × 8 seen by a trainer" in answer.text
    assert "Good morning, Cleo" in answer.text


@pytest.mark.parametrize("value", ["", "nonsense", f"{STRAP} x 1", f"{STRAP} 1 2", f"{STRAP} 99999 1", f"{STRAP} ² 1", f"{STRAP} 1"])
def test_a_form_that_is_no_tick_is_422(screened: Cast, value: str) -> None:
    assert tick(screened, value).status_code == 422
    assert days(screened) == {}


def test_a_page_left_open_over_midnight_counts_for_its_own_day(screened: Cast) -> None:
    screened.clock.move(days=1)
    answer = tick(screened, f"{STRAP} 1 1")
    assert "said=ticked-earlier" in answer.headers["location"]
    assert days(screened) == {STRAP: 1}


def test_when_all_is_ticked_the_day_is_done(screened: Cast) -> None:
    next_set = re.compile(r'class="tick-main" form="ticks" name="tick" value="([^"]+)"')
    while button := next_set.search(screened.cleo.get("/my/today").text):
        screened.clock.move(seconds=1)
        assert tick(screened, button[1]).status_code == 303
    page = screened.cleo.get("/my/today").text
    assert "All done" in page
    assert "29 of 29 sets" in page


def test_pain_that_a_professional_has_answered_on_the_same_day_is_not_said_to_wait(screened: Cast) -> None:
    screened.cleo.post("/my/hurts", {"item": BRIDGE, "pain": "6", "on": DAY.isoformat(), "sure": "yes"})
    with screened.work("tess", writes=False) as store:
        stop = store.session.scalars(select(Referral.id)).one()
    assert clear(screened, stop) is not None
    page = screened.cleo.get("/my/today").text
    assert "hurt 6 of 10: a professional has answered since" in page
    assert "until a professional has looked" not in page


def test_archived_cleo_reads_that_it_has_ended(screened: Cast) -> None:
    with screened.work("tess") as store:
        clients.archive_client(store, screened.cleo.client_id or 0, screened.clock())
    assert "Your practice here has ended" in screened.cleo.get("/my/today").text
    answer = tick(screened, f"{STRAP} 1 1")
    assert answer.status_code == 409
    assert "Your practice here has ended" in answer.text


def test_after_a_clearance_the_new_plan_is_announced(cast: Cast) -> None:
    _, outcome = finish(cast, situation("severe-hip-flexors"))
    assert outcome.referral is not None
    page = cast.cleo.get("/my/today").text
    assert "Stop if you feel sharp pain" in page
    assert "tick-main" not in page
    cleared = {"professional": "Dr Moss", "cleared_on": DAY.isoformat(), "allowed": [], "not_allowed": []}
    path = f"/clients/{cast.cleo.client_id}/referrals/{outcome.referral.id}/clearance"
    assert cast.tess.api.post(path, cleared).status_code == 200
    assert "A professional has answered" in cast.cleo.get("/my/today").text


def test_an_answered_stop_without_a_plan_says_that_the_screen_comes_next(cast: Cast) -> None:
    _, outcome = finish(cast, situation("severe-hip-flexors"))
    assert outcome.referral is not None
    with cast.work("tess") as store:
        store.session.execute(
            text("update referral set state = 'cleared', cleared_on = :day, limits = '{}', professional = 'x'"), {"day": DAY.isoformat()}
        )
    assert "The answer is in" in cast.cleo.get("/my/today").text


def test_a_phone_without_access_is_told_what_to_do(cast: Cast) -> None:
    answer = cast.nobody.get("/my/today")
    assert answer.status_code == 401
    assert "phone is not signed in" in answer.text


def test_what_is_sent_without_access_is_said_not_to_be_noted(cast: Cast) -> None:
    answer = cast.nobody.post("/my/ticks", data={"tick": f"{STRAP} 1 1", "on": DAY.isoformat()}, headers={"origin": HERE})
    assert answer.status_code == 401
    assert "What you sent just now was not noted" in answer.text
    assert "was not noted" not in cast.nobody.get("/my/today").text


OWN = {
    "a tick": ("cleo", "/my/ticks", {"tick": f"{BRIDGE} 1 1"}),
    "a report": ("cleo", "/my/report", {"item": BRIDGE, "effort": "ok"}),
    "what hurts": ("cleo", "/my/hurts", {"item": BRIDGE, "pain": "2"}),
    "a morning": ("cleo", "/my/morning", {"session": (DAY - timedelta(days=1)).isoformat(), "pain": "7"}),
    "Tess's tick": ("tess", "/clients/{cleo}/practice", {"tick": f"{BRIDGE} 1 1"}),
}


@pytest.mark.parametrize("form", OWN)
def test_a_page_that_somebody_else_left_open_notes_nothing_for_whoever_is_signed_in_now(screened: Cast, form: str) -> None:
    who, path, fields = OWN[form]
    path = path.format(cleo=screened.cleo.client_id)
    sent = {"on": DAY.isoformat(), **fields, "whose": str(screened.people["colin"].user_id)}
    assert screened.people[who].post(path, sent).status_code == 403
    assert days(screened) == {}
    again = screened.people[who].post(path, sent | {"whose": str(screened.people[who].user_id)})
    assert again.status_code != 403


def test_every_form_of_her_day_says_for_whom_it_was_made(screened: Cast) -> None:
    tick(screened, f"{STRAP} 1 1")
    screened.clock.move(days=1)
    whose = f'<input type="hidden" name="whose" value="{screened.cleo.user_id}">'
    assert screened.cleo.get("/my/today").text.count(whose) == 2, "the day's own, and the morning's"
    for path in (f"/my/report?item={BRIDGE}", f"/my/hurts?item={BRIDGE}"):
        assert screened.cleo.get(path).text.count(whose) == 1
    sure = screened.cleo.post("/my/hurts", {"item": BRIDGE, "pain": "7", "on": DAY.isoformat(), "whose": str(screened.cleo.user_id)})
    assert whose in sure.text


def test_a_tick_with_a_load_that_is_no_number_says_so_above_her_day(screened: Cast) -> None:
    answer = tick(screened, f"{BRIDGE} 1 1", **{"kg.bridge": "twelve"})
    assert answer.status_code == 422
    assert "Write a number, such as 12 or 12,5." in answer.text
    assert 'id="strengthening-bridge"' in answer.text
    assert days(screened) == {}


def test_cleo_reads_what_signing_out_means_and_ends_on_a_page_for_her(screened: Cast) -> None:
    assert "only a new link from your trainer" in screened.cleo.get("/my/today").text
    answer = screened.cleo.post("/sign-out")
    assert answer.headers["location"] == "/my/today"
    assert "phone is not signed in" in screened.cleo.get("/my/today").text


# --- pain -----------------------------------------------------------------------------------------------------------


def test_what_hurt_is_not_the_next_thing_to_do(screened: Cast) -> None:
    def next_row() -> str:
        found = re.search(r'class="tick next" id="([^"]+)"', screened.cleo.get("/my/today").text)
        assert found
        return found[1]

    before = next_row()
    item = screened.cleo.get("/my/today").text.split("/my/hurts?item=")[1].split('"')[0]
    screened.cleo.post("/my/hurts", {"item": item, "pain": "4", "on": DAY.isoformat(), "seen": "0"})
    assert next_row() != before


def test_what_stands_in_for_an_exercise_that_hurts_says_why_it_is_there(cast: Cast) -> None:
    """Of one exercise there are two lines: one by itself, one for when another one hurts, each with its own reason."""
    finish(cast, situation("cannot-kneel"))

    def why() -> str:
        page = cast.cleo.get("/my/today").text
        return page[page.index('id="smr-smr-quad"') :].partition("</li>")[0]

    assert "all five places are rolled in turn" in why()
    tick(cast, "smr/smr-quad/left 1 1")
    cast.clock.move(days=1)
    assert 'id="smr-smr-quad"' not in cast.cleo.get("/my/today").text, "they take turns"
    for side in ("left", "right"):
        cast.clock.move(minutes=1)
        cast.cleo.post("/my/hurts", {"item": f"smr/smr-hipflex/{side}", "pain": "3", "on": cast.clock().date().isoformat()})
    assert "instead of" in why()
    assert "the front of your hip moved less" in why()
    assert "all five places" not in why()


def test_pain_is_noted_and_shown_to_both(screened: Cast) -> None:
    answer = screened.cleo.post("/my/hurts", {"item": BRIDGE, "pain": "4", "on": DAY.isoformat()})
    assert answer.headers["location"] == "/my/today?said=pain-noted#strengthening-bridge"
    assert "hurt 4 of 10" in screened.cleo.get("/my/today").text
    assert "hurt 4 of 10" in screened.tess.get(f"/clients/{screened.cleo.client_id}/practice").text
    assert days(screened) == {BRIDGE: 0}


def test_pain_is_noted_with_the_last_set_that_is_done_and_ticks_nothing(screened: Cast) -> None:
    for number in (1, 2):
        screened.clock.move(minutes=1)
        tick(screened, f"{BRIDGE} {number} 1")
    screened.clock.move(minutes=1)
    screened.cleo.post("/my/hurts", {"item": BRIDGE, "pain": "2", "on": DAY.isoformat()})
    with screened.work("tess", writes=False) as store:
        *_, noted = store.session.scalars(select(PracticeEvent).order_by(PracticeEvent.id))
    assert (noted.set_number, noted.done, noted.pain) == (2, True, 2)
    assert days(screened) == {BRIDGE: 2}


@pytest.mark.parametrize(("item", "pain"), [(BRIDGE, ""), (BRIDGE, "11"), (BRIDGE, "4.5"), ("", "4")])
def test_pain_without_a_number_or_a_place_is_asked_for_again(screened: Cast, item: str, pain: str) -> None:
    answer = screened.cleo.post("/my/hurts", {"item": item, "pain": pain, "on": DAY.isoformat()})
    assert answer.status_code == 422
    assert days(screened) == {}


def test_pain_with_what_is_locked_is_refused_with_what_is_missing(screened: Cast) -> None:
    answer = screened.cleo.post("/my/hurts", {"item": WALL, "pain": "4", "on": DAY.isoformat()})
    assert answer.status_code == 409
    assert "3 × 8 seen by a trainer" in answer.text
    assert days(screened) == {}


# --- the phone's clock ------------------------------------------------------------------------------------------------


FORMS = {
    "a tick": ("cleo", "/my/ticks", {"tick": f"{BRIDGE} 2 1", "on": "{today}"}),
    "a report": ("cleo", "/my/report", {"item": BRIDGE, "effort": "ok", "on": "{today}"}),
    "a report that stops": ("cleo", "/my/report", {"item": BRIDGE, "pain": "7", "sure": "yes", "on": "{today}"}),
    "what hurts": ("cleo", "/my/hurts", {"item": BRIDGE, "pain": "2", "on": "{today}"}),
    "what is left out": ("cleo", "/my/report", {"item": BRIDGE, "skipped": "no_time", "on": "{today}"}),
    "a morning": ("cleo", "/my/morning", {"session": "{yesterday}", "pain": "1"}),
    "a morning that stops": ("cleo", "/my/morning", {"session": "{yesterday}", "pain": "7", "sure": "yes"}),
    "Tess's tick": ("tess", "/clients/{cleo}/practice", {"tick": f"{BRIDGE} 2 1", "on": "{today}"}),
}
CLOCKS = {
    "a year ahead": "2027-11-24T09:00:00Z",
    "the end of time": "9999-12-31T23:59:59-12:00",
    "long ago": "1969-12-31T23:59:59Z",
    "the beginning of time": "0001-01-01T00:00:00+12:00",
}


@pytest.fixture
def next_day(screened: Cast) -> Cast:
    """The day after Cleo's first session."""
    tick(screened, f"{BRIDGE} 1 1")
    screened.clock.move(days=1)
    screened.tess.post("/sign-in", {"sign_in_email": "tess@northside.example", "sign_in_password": PASSWORD})
    return screened


def stored(cast: Cast) -> tuple[list[PracticeEvent], list[datetime]]:
    """The events of the day, and whatever moment was written with them."""
    since = cast.clock() - timedelta(hours=12)
    with cast.work("tess", writes=False) as store:
        events = list(store.session.scalars(select(PracticeEvent).where(PracticeEvent.received_at > since)))
        moments = [
            *(event.received_at for event in events),
            *store.session.scalars(select(AuditEvent.at).where(AuditEvent.verb == "ticked for").order_by(AuditEvent.id.desc()).limit(1)),
            *store.session.scalars(select(Referral.opened_at)),
        ]
    return events, moments


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("form", FORMS)
def test_a_phone_with_a_wrong_clock_moves_no_time_of_ours(next_day: Cast, form: str, clock: str) -> None:
    who, path, fields = FORMS[form]
    names = {"today": next_day.clock().date(), "yesterday": DAY, "cleo": next_day.cleo.client_id}
    sent = {name: value.format(**names) for name, value in fields.items()} | {"at": CLOCKS[clock], "id": str(uuid4())}
    answer = next_day.people[who].post(path.format(**names), sent)
    assert answer.status_code == 303, answer.text
    events, moments = stored(next_day)
    assert events
    assert {*moments} == {next_day.clock()}
    is_ahead = clock in ("a year ahead", "the end of time")
    assert {event.at for event in events} == {next_day.clock() if is_ahead else practice.EARLIEST}


def test_what_was_skipped_by_a_clock_ahead_is_done_after_all(screened: Cast) -> None:
    ahead = (screened.clock() + timedelta(days=40)).isoformat()
    screened.cleo.post("/my/report", {"item": BRIDGE, "skipped": "no_time", "on": DAY.isoformat(), "at": ahead, "id": str(uuid4())})
    screened.clock.move(minutes=5)
    tick(screened, f"{BRIDGE} 1 1", at=screened.clock().isoformat(), id=str(uuid4()))
    assert days(screened) == {BRIDGE: 1}


# --- for her trainer --------------------------------------------------------------------------------------------------


def test_tess_ticks_for_cleo_on_an_earlier_day(screened: Cast) -> None:
    screened.clock.move(days=2)
    screened.tess.post("/sign-in", {"sign_in_email": "tess@northside.example", "sign_in_password": PASSWORD})
    path = f"/clients/{screened.cleo.client_id}/practice"
    on = (DAY + timedelta(days=1)).isoformat()
    answer = screened.tess.post(path, {"tick": f"{BRIDGE} 1 1", "on": on})
    assert answer.headers["location"] == f"{path}?on={on}#strengthening-bridge"
    page = screened.tess.get(f"{path}?on={on}").text
    assert "Tuesday 24 November 2026" in page
    assert "entered by Tess" in page


@pytest.mark.parametrize("on", ["2026-11-22", "2026-11-24", "tomorrow", "9999-12-31"])
def test_tess_sees_no_day_before_the_plan_nor_after_today(screened: Cast, on: str) -> None:
    path = f"/clients/{screened.cleo.client_id}/practice"
    assert screened.tess.get(f"{path}?on={on}").status_code == 422
    assert screened.tess.post(path, {"tick": f"{BRIDGE} 1 1", "on": on}).status_code == 422


def test_without_a_plan_there_is_nothing_to_tick_or_print(cast: Cast) -> None:
    for path in ("practice", "plan/print"):
        assert cast.tess.get(f"/clients/{cast.cleo.client_id}/{path}").status_code == 409
    assert "Your plan is not made yet" in cast.cleo.get("/my/plan/print").text


@pytest.mark.parametrize(("week", "status"), [("2026-11-29", 200), ("2026-11-22", 422), ("2027-06-01", 200), ("2028-01-01", 422)])
def test_a_week_can_be_printed_from_the_plans_own_on(screened: Cast, week: str, status: int) -> None:
    assert screened.tess.get(f"/clients/{screened.cleo.client_id}/plan/print?week={week}").status_code == status


# --- access -----------------------------------------------------------------------------------------------------------


def link_of(page: str) -> str:
    found = re.search(r'value="(http[^"]+/welcome/[^"]+)"', page)
    assert found is not None
    return found[1].removeprefix(HERE)


def test_a_link_is_shown_once_with_its_code_and_opens_one_phone(cast: Cast) -> None:
    path = f"/clients/{cast.cleo.client_id}/access"
    page = cast.tess.post(path).text
    assert "<svg" in page
    assert "style=" not in page
    link = link_of(page)
    assert link not in cast.tess.get(path).text
    phone = cast.nobody
    assert "Is this Cleo’s phone?" in phone.get(link).text
    answer = phone.post(link, follow_redirects=False)
    assert answer.headers["location"] == "/my/today?said=phone-signed-in"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "Max-Age=2592000" in cookie
    assert phone.get("/my/today").status_code == 200
    assert cast.nobody.post(link, follow_redirects=False).status_code == 404


def test_staff_are_told_to_open_it_on_her_phone(cast: Cast) -> None:
    link = link_of(cast.tess.post(f"/clients/{cast.cleo.client_id}/access").text)
    assert "Open it on the client’s phone" in cast.tess.get(link).text
    answer = cast.tess.post(link)
    assert answer.status_code == 409
    assert "Open it on the client’s phone" in answer.text
    assert cast.nobody.post(link, follow_redirects=False).status_code == 303


def test_another_site_cant_open_a_link(cast: Cast) -> None:
    link = link_of(cast.tess.post(f"/clients/{cast.cleo.client_id}/access").text)
    stranger = browser(cast.app)
    assert stranger.post(link, headers={"sec-fetch-site": "cross-site"}, follow_redirects=False).status_code == 403
    assert stranger.post(link, follow_redirects=False).status_code == 303


def test_on_this_computer_alone_access_says_so(cast: Cast) -> None:
    assert "Only on this computer" in cast.tess.get(f"/clients/{cast.cleo.client_id}/access").text


def test_a_links_address_never_appears_in_the_logs(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    link = link_of(cast.tess.post(f"/clients/{cast.cleo.client_id}/access").text)
    phone = cast.nobody
    phone.get(link)
    phone.get(link + "/more")
    phone.post(link, content=b"\xff", headers={"content-type": "application/json"})
    phone.post(link)
    phone.post(link)
    with cast.work("tess") as store:
        store.session.execute(text("drop table access_link"))
    assert phone.get(link).status_code == 500
    assert phone.post(link).status_code == 500
    ours = "\n".join(logging.Formatter().format(record) for record in caplog.records if not record.name.startswith("http"))
    assert "a request failed" in ours
    assert link.rpartition("/")[2] not in ours


def test_a_printed_week_holds_what_she_has_earned(cast: Cast) -> None:
    with cast.work("tess") as store:
        ladder.climb(store, cast.cleo.client_id or 0, cast.clock() - ladder.CLIMB)
    page = cast.tess.get(f"/clients/{cast.cleo.client_id}/plan/print").text
    assert "Romanian deadlift" in page
    assert "Wall" not in page.split("<table", 1)[-1]
