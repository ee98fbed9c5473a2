"""What a trainer sees, signs and confirms, what she is refused and why, and what a client reads of it."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.models import AuditEvent
from app.rules.documents import FormCheck, LoadSet, SeenValue, SignOff
from app.rules.history import gate_keys
from app.rules.vocabulary import Feel, Side, Stage, StageState
from app.services import clients, plans, practice, progress
from app.services.history import Halt
from app.services.practice import Added, Tick
from app.services.progress import CheckFields, ProgressView, SignOffFields
from app.store import Store
from tests.cast import DAY, Cast
from tests.finished import finish, finish_in, situation
from tests.ladder import CLIMB, RDL, TOUCHES, WALL, WHY, climb, session, sign, strong
from tests.services.test_referrals import clear
from tests.world import contents


def cleo(cast: Cast) -> int:
    return cast.cleo.client_id or 0


def new() -> str:
    return str(uuid4())


@pytest.fixture
def strong_cast(cast: Cast) -> Cast:
    """Cleo is strong, and nothing but strengthening stands before the dowel."""
    finish(cast, strong(cast.clock()))
    return cast


@pytest.fixture
def lifting_cast(cast: Cast) -> Cast:
    """Cleo has come up the ladder to her first load."""
    with cast.work("tess") as store:
        climb(store, cleo(cast), cast.clock())
    cast.clock.move(days=CLIMB.days)
    return cast


def today(cast: Cast) -> date:
    return cast.clock().date()


def view(cast: Cast, who: str = "tess") -> ProgressView:
    with cast.work(who, writes=False) as store:
        return progress.progress_of(store, cleo(cast), today(cast))


def state(cast: Cast, stage: Stage) -> StageState:
    found = view(cast).progress
    assert found is not None
    return found.of(stage).state


def fields(stage: Stage = Stage.STRENGTHENING, **more: Any) -> SignOffFields:
    return SignOffFields(new(), stage, **more)


def sign_off(cast: Cast, given: SignOffFields, who: str = "tess") -> SignOff:
    with cast.work(who) as store:
        return progress.sign_off(store, cleo(cast), given, cast.clock(), today(cast))


def look(exercise: str = "wall-hinge", stage: Stage = Stage.WALL, side: Side = Side.BOTH, **more: Any) -> CheckFields:
    gate = {one.key: True for one in gate_keys(stage, side)}
    usual: dict[str, Any] = {"performed_on": DAY, "gate": gate, "reps": 10, "last_reps": 10}
    return CheckFields(new(), exercise, side, **{**usual, **more})


def note(cast: Cast, given: CheckFields, who: str = "tess") -> FormCheck:
    with cast.work(who) as store:
        return progress.note_check(store, cleo(cast), given, cast.clock(), today(cast))


def confirm(cast: Cast, load_kg: float, exercise: str = "rdl-kb", id: str | None = None, who: str = "tess") -> LoadSet:
    with cast.work(who) as store:
        return progress.confirm_load(store, cleo(cast), exercise, load_kg, id or new(), cast.clock(), today(cast))


def refused(cast: Cast, use_case: Callable[[], object]) -> Conflict:
    """What a use case is refused with; the database is as it was."""
    before = contents(cast)
    with pytest.raises(Conflict) as refusal:
        use_case()
    assert contents(cast) == before
    return refusal.value


def wrong(cast: Cast, use_case: Callable[[], object]) -> Mapping[str, str]:
    """The fields that a use case complains of; the database is as it was."""
    before = contents(cast)
    with pytest.raises(Invalid) as refusal:
        use_case()
    assert contents(cast) == before
    return {one.field: one.message for one in refusal.value.errors}


# --- signing --------------------------------------------------------------------------------------------------------


def test_without_evidence_tess_is_told_what_is_missing_and_nothing_changes(strong_cast: Cast) -> None:
    missing = {one.id for one in refused(strong_cast, lambda: sign_off(strong_cast, fields())).missing}
    assert {"strengthening.bridge", "strengthening.curl", "strengthening.step_up"} <= missing


def test_a_typed_reason_stands_in_for_it_and_both_are_kept(strong_cast: Cast) -> None:
    signed = sign_off(strong_cast, fields(override_reason=WHY, note="Strong."))
    assert (signed.by, signed.override_reason, signed.note) == ("Tess", WHY, "Strong.")
    assert any(line.startswith("Not shown") for line in signed.evidence)
    (line,) = view(strong_cast).sign_offs
    assert (line.holds, line.on, line.by, line.override_reason) == (True, DAY, "Tess", WHY)
    assert state(strong_cast, Stage.STRENGTHENING) is StageState.PASSED


def test_a_reason_of_a_few_letters_is_none(strong_cast: Cast) -> None:
    assert "override_reason" in wrong(strong_cast, lambda: sign_off(strong_cast, fields(override_reason="ok")))


def test_no_reason_opens_a_locked_stage_or_passes_the_wall(strong_cast: Cast) -> None:
    for stage in (Stage.DOWEL, Stage.WALL, Stage.RDL, Stage.SINGLE_LEG):
        assert refused(strong_cast, lambda stage=stage: sign_off(strong_cast, fields(stage, override_reason=WHY))).missing  # type: ignore[misc]
    sign_off(strong_cast, fields(override_reason=WHY))
    strong_cast.clock.move(days=1)
    sign_off(strong_cast, fields(Stage.DOWEL, override_reason=WHY))
    missing = refused(strong_cast, lambda: sign_off(strong_cast, fields(Stage.WALL, override_reason=WHY))).missing
    assert "wall.touches" in {one.id for one in missing}


def test_what_is_seen_in_the_same_breath_counts_and_goes_with_a_refusal(strong_cast: Cast) -> None:
    with strong_cast.work("tess") as store:
        at = strong_cast.clock()
        sign(store, cleo(strong_cast), Stage.STRENGTHENING, at, why=WHY)
        sign(store, cleo(strong_cast), Stage.DOWEL, at + timedelta(minutes=1), why=WHY)
        session(store, cleo(strong_cast), WALL, at + timedelta(days=1), reps=10, seen=TOUCHES)
    strong_cast.clock.move(days=3)
    on = today(strong_cast)
    check = look(performed_on=on, seen=TOUCHES)
    refused(strong_cast, lambda: sign_off(strong_cast, fields(Stage.WALL, check=check)))
    with strong_cast.work("cleo") as store:
        ticks = [Tick(new(), WALL, number, on, strong_cast.clock(), done=True) for number in (1, 2, 3)]
        practice.add_ticks(store, cleo(strong_cast), ticks, strong_cast.clock(), on)
    signed = sign_off(strong_cast, fields(Stage.WALL, check=check))
    assert any("Seen on" in line for line in signed.evidence)
    assert [one.id for one in view(strong_cast).checks][:1] == [check.id]


def test_sending_the_same_sign_off_twice_is_one(strong_cast: Cast) -> None:
    given = fields(override_reason=WHY)
    assert sign_off(strong_cast, given).id == sign_off(strong_cast, given).id
    assert len(view(strong_cast).sign_offs) == 1


def test_two_trainers_at_once_step_once(cast: Cast) -> None:
    """Sia is trained by Tess and Tom together."""
    sia = cast.keys["world"]["shared"]
    with cast.work("tess") as store:
        finish_in(store, sia, strong(cast.clock()), cast.clock())
    outcomes: list[str] = []

    def step(who: str) -> None:
        try:
            with cast.work(who) as store:
                progress.sign_off(store, sia, fields(override_reason=WHY), cast.clock(), DAY)
            outcomes.append("signed")
        except Conflict as refusal:
            outcomes.append(refusal.missing[0].id)

    threads = [threading.Thread(target=step, args=(who,)) for who in ("tess", "tom", "tess", "tom")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["signed", *["strengthening.open"] * 3]


def test_a_sign_off_is_taken_back_by_another_line_and_what_it_opened_is_locked(strong_cast: Cast) -> None:
    signed = sign_off(strong_cast, fields(override_reason=WHY))
    strong_cast.clock.move(minutes=5)
    with strong_cast.work("tess") as store:
        progress.take_back_sign_off(store, cleo(strong_cast), signed.id, new(), "Too soon.", strong_cast.clock(), DAY)
    assert state(strong_cast, Stage.STRENGTHENING) is StageState.OPEN
    assert state(strong_cast, Stage.DOWEL) is not StageState.OPEN
    assert [(one.taken_back, one.holds, one.note) for one in view(strong_cast).sign_offs] == [
        (True, False, "Too soon."),
        (False, False, ""),
    ]
    strong_cast.clock.move(minutes=5)
    with strong_cast.work("tess") as store, pytest.raises(Conflict):
        progress.take_back_sign_off(store, cleo(strong_cast), signed.id, new(), "", strong_cast.clock(), DAY)


def hurts(cast: Cast) -> Added:
    """Cleo tells of something sharp in her loaded hinge."""
    told = Tick(new(), RDL.replace("dowel", "kb"), 1, today(cast), cast.clock(), done=False, pain=2, feel=Feel.SHARP)
    with cast.work("cleo") as store:
        return practice.add_ticks(store, cleo(cast), [told], cast.clock(), today(cast))


@pytest.mark.parametrize("microsecond", [0, 999_999])
def test_what_is_taken_back_in_the_very_moment_in_which_it_was_noted_is_taken_back(strong_cast: Cast, microsecond: int) -> None:
    strong_cast.clock.now = strong_cast.clock.now.replace(microsecond=microsecond)
    signed = sign_off(strong_cast, fields(override_reason=WHY))
    seen = note(strong_cast, look("dowel-hinge", Stage.DOWEL))
    with strong_cast.work("tess") as store:
        progress.take_back_check(store, cleo(strong_cast), seen.id, "0" * 8 + new()[8:], strong_cast.clock(), DAY)
        progress.take_back_sign_off(store, cleo(strong_cast), signed.id, "0" * 8 + new()[8:], "", strong_cast.clock(), DAY)
    found = view(strong_cast)
    assert [one.taken_back for one in found.checks] == [True]
    assert state(strong_cast, Stage.STRENGTHENING) is StageState.OPEN


def stop(cast: Cast) -> int:
    """Something sharp in Cleo's loaded hinge stops everything; returns the stop."""
    assert hurts(cast).stopped
    found = view(cast).referral
    assert found is not None
    return found.id


def test_what_was_signed_or_noted_by_mistake_is_taken_back_also_while_a_stop_waits(lifting_cast: Cast) -> None:
    signed = next(one for one in view(lifting_cast).sign_offs if one.stage is Stage.STRENGTHENING)
    seen = note(lifting_cast, look("rdl-dowel", Stage.RDL, performed_on=today(lifting_cast), reps=8, last_reps=8))
    referral = stop(lifting_cast)
    lifting_cast.clock.move(days=1)
    with lifting_cast.work("tess") as store:
        at = lifting_cast.clock()
        progress.take_back_sign_off(store, cleo(lifting_cast), signed.id, new(), "Not hers.", at, at.date())
        progress.take_back_check(store, cleo(lifting_cast), seen.id, new(), at, at.date())
    assert [(one.stage, one.note) for one in view(lifting_cast).sign_offs if one.taken_back] == [(Stage.STRENGTHENING, "Not hers.")]
    assert [one.id for one in view(lifting_cast).checks if one.taken_back] == [seen.id]
    clear(lifting_cast, referral, cleared_on=today(lifting_cast))
    assert state(lifting_cast, Stage.STRENGTHENING) is StageState.OPEN


def test_a_goal_load_that_was_carried_stands_among_what_was_shown(lifting_cast: Cast) -> None:
    with lifting_cast.work("tess") as store:
        at = lifting_cast.clock()
        progress.confirm_load(store, cleo(lifting_cast), "rdl-kb", 8, new(), at, at.date())
        for day, sets in ((1, 2), (20, 3)):
            session(store, cleo(lifting_cast), RDL.replace("dowel", "kb"), at + timedelta(days=day), sets=sets, load_kg=8)
    lifting_cast.clock.move(days=20)
    signed = sign_off(lifting_cast, fields(Stage.RDL, goal_load_kg=7.5, override_reason=WHY))
    assert any(line.endswith("8 kg for 3 × 8, of a goal of 7.5 kg.") for line in signed.evidence), signed.evidence
    assert not any("goal load" in line for line in signed.evidence if line.startswith("Not shown"))


def test_what_is_typed_wrong_is_told_beside_its_field(strong_cast: Cast) -> None:
    assert "side" in wrong(strong_cast, lambda: sign_off(strong_cast, fields(side=Side.LEFT)))
    assert "words" in wrong(strong_cast, lambda: sign_off(strong_cast, fields(words=("wall.touches",))))
    assert "goal_load_kg" in wrong(strong_cast, lambda: sign_off(strong_cast, fields(goal_load_kg=20)))
    assert "note" in wrong(strong_cast, lambda: sign_off(strong_cast, fields(note="x" * 5000)))


def test_only_her_trainers_sign_off(strong_cast: Cast) -> None:
    given = fields(override_reason=WHY)
    for who in ("cleo", "ada"):
        with pytest.raises(NotAllowed):
            sign_off(strong_cast, given, who)
    for who in ("tom", "bea"):
        with pytest.raises(NotFound):
            sign_off(strong_cast, given, who)


# --- what is seen ---------------------------------------------------------------------------------------------------


def test_a_check_of_a_locked_stage_is_refused_with_what_is_missing(strong_cast: Cast) -> None:
    assert refused(strong_cast, lambda: note(strong_cast, look())).missing


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"performed_on": DAY + timedelta(days=1)}, "performed_on"),
        ({"performed_on": DAY - timedelta(days=1)}, "performed_on"),
        ({"exercise": "no-such"}, "exercise"),
        ({"exercise": ""}, "exercise"),
        ({"side": Side.LEFT}, "side"),
        ({"gate": {}}, "gate"),
        ({"gate": {"clean": True, "square": True}}, "gate"),
        ({"reps": 1000}, "reps"),
        ({"last_reps": 3}, "last_reps"),
        ({"seen": {"shin_deg": 5.0}}, "shin_deg"),
        ({"note": "x" * 5000}, "note"),
    ],
)
def test_a_check_that_makes_no_sense_is_told_beside_its_field(strong_cast: Cast, changes: Mapping[str, Any], field: str) -> None:
    good = look("bridge", Stage.STRENGTHENING, reps=12, last_reps=12)
    item = next(form for form in view(strong_cast).forms if form.stage is Stage.STRENGTHENING and "bridge" in form.exercise)
    given = replace(good, exercise=item.exercise, side=item.side)
    if "side" in changes and item.side is not Side.BOTH:
        changes = {"side": Side.BOTH}
    assert field in wrong(strong_cast, lambda: note(strong_cast, replace(given, **changes)))


def test_measured_values_are_checked_by_their_kind(lifting_cast: Cast) -> None:
    given = look(performed_on=today(lifting_cast))
    seen: dict[str, SeenValue] = {"wall_distance_cm": True, "shin_deg": 400.0, "light_touch": "yes", "knee_bend_deg": float("nan")}
    assert set(wrong(lifting_cast, lambda: note(lifting_cast, replace(given, seen=seen)))) == set(seen)


def test_of_rolling_a_pressure_is_said_and_only_where_something_asks_for_it(cast: Cast) -> None:
    rolled = replace(look("", Stage.SMR, reps=None, last_reps=None), stage=Stage.SMR)
    finish(cast, situation("everything-tight"))
    assert wrong(cast, lambda: note(cast, rolled)) == {"pressure": "Say what you saw."}
    assert note(cast, replace(rolled, seen={"pressure": 2.0})).seen == {"pressure": 2.0}


def test_a_stage_that_nothing_asks_for_is_not_checked(strong_cast: Cast) -> None:
    rolled = replace(look("", Stage.SMR, reps=None, last_reps=None, seen={"pressure": 2.0}), stage=Stage.SMR)
    assert str(refused(strong_cast, lambda: note(strong_cast, rolled))) == "Nothing asks for this stage now."


def test_a_check_is_taken_back_and_its_criterion_with_it(lifting_cast: Cast) -> None:
    first = next(one for one in view(lifting_cast).checks if one.exercise == "rdl-dowel")
    assert view(lifting_cast).progress is not None
    with lifting_cast.work("tess") as store:
        progress.take_back_check(store, cleo(lifting_cast), first.id, new(), lifting_cast.clock(), today(lifting_cast))
    again = next(one for one in view(lifting_cast).checks if one.id == first.id)
    assert again.taken_back
    stands = view(lifting_cast).progress
    assert stands is not None
    assert stands.rung_due(Stage.RDL) == "rdl-dowel", "the rung that it had opened is closed again"
    with lifting_cast.work("tess") as store, pytest.raises(NotFound):
        progress.take_back_check(store, cleo(lifting_cast), new(), new(), lifting_cast.clock(), today(lifting_cast))


def test_a_check_of_weeks_ago_counts_to_its_day(strong_cast: Cast) -> None:
    strong_cast.clock.move(days=60)
    form = next(form for form in view(strong_cast).forms if form.stage is Stage.STRENGTHENING)
    given = look(form.exercise, Stage.STRENGTHENING, form.side, performed_on=DAY + timedelta(days=2), reps=12, last_reps=12)
    note(strong_cast, given)
    assert [one.on for one in view(strong_cast).checks] == [DAY + timedelta(days=2)]


def test_a_check_of_the_day_of_a_stop_is_taken_as_ticks_of_that_day_are(lifting_cast: Cast) -> None:
    stopped_on = today(lifting_cast)
    referral = stop(lifting_cast)
    lifting_cast.clock.move(days=2)
    clear(lifting_cast, referral, cleared_on=today(lifting_cast))
    seen = look("rdl-kb", Stage.RDL, performed_on=stopped_on, reps=8, last_reps=8)
    assert note(lifting_cast, seen).performed_on == stopped_on
    assert next(one.on for one in view(lifting_cast).checks if one.holds) == stopped_on
    within = replace(seen, id=new(), performed_on=stopped_on + timedelta(days=1))
    assert [one.id for one in refused(lifting_cast, lambda: note(lifting_cast, within)).missing] == ["stop"]


# --- loads ----------------------------------------------------------------------------------------------------------


def test_tess_confirms_the_proposed_load_or_less_and_never_more(lifting_cast: Cast) -> None:
    stands = view(lifting_cast).progress
    assert stands is not None
    (proposal,) = stands.proposals
    assert (proposal.exercise, proposal.kind, proposal.load_kg) == ("rdl-kb", "first", 8.0)
    assert "load_kg" in wrong(lifting_cast, lambda: confirm(lifting_cast, proposal.at_most_kg + 0.5))
    for nonsense in (0, -5, float("nan"), float("inf")):
        assert "load_kg" in wrong(lifting_cast, lambda kg=nonsense: confirm(lifting_cast, kg))  # type: ignore[misc]
    assert "load_kg" in wrong(lifting_cast, lambda: confirm(lifting_cast, 8, "rdl-bb"))
    id = new()
    assert confirm(lifting_cast, 8, id=id) == replace(confirm(lifting_cast, 8, id=id), reason=proposal.because)
    (line,) = view(lifting_cast).loads
    assert (line.exercise, line.load_kg, line.by) == ("rdl-kb", 8, "Tess")
    assert (view(lifting_cast, "cleo").progress or stands).loads == {"rdl-kb": 8}


def test_without_a_load_to_confirm_there_is_nothing_to_confirm(strong_cast: Cast) -> None:
    assert "load_kg" in wrong(strong_cast, lambda: confirm(strong_cast, 5))


# --- looking --------------------------------------------------------------------------------------------------------


def test_cleo_reads_where_she_stands_without_what_tess_wrote_for_herself(strong_cast: Cast) -> None:
    sign_off(strong_cast, fields(override_reason=WHY, note="private"))
    hers = view(strong_cast, "cleo")
    assert hers.progress is not None
    assert [one.note for one in hers.sign_offs] == [""]
    assert {one.note for one in hers.progress.stages} == {""}
    assert "private" in {one.note for one in (view(strong_cast).progress or hers.progress).stages}
    with strong_cast.work("cleo", writes=False) as store:
        own = plans.my_plan(store, DAY).view
        assert own is not None
        assert own.progress is not None
        assert {one.note for one in own.progress.stages} == {""}
    assert hers.forms == ()
    with pytest.raises(NotFound):
        view(strong_cast, "colin")


def test_before_the_first_screen_there_is_nothing_to_stand_in(cast: Cast) -> None:
    found = view(cast)
    assert (found.halt, found.plan, found.progress) == (Halt.UNSCREENED, None, None)


def test_while_a_stop_waits_everything_is_locked_and_nothing_can_be_noted(lifting_cast: Cast) -> None:
    assert hurts(lifting_cast).stopped
    found = view(lifting_cast)
    assert found.halt is Halt.STOPPED
    assert found.referral is not None
    assert found.referral.from_practice
    assert found.progress is not None
    assert {one.state for one in found.progress.stages} <= {StageState.LOCKED, StageState.NOT_INDICATED}
    for use_case in (
        lambda: sign_off(lifting_cast, fields(Stage.RDL, override_reason=WHY)),
        lambda: note(lifting_cast, look(performed_on=today(lifting_cast))),
        lambda: confirm(lifting_cast, 5),
    ):
        assert [one.id for one in refused(lifting_cast, use_case).missing] == ["stop"]
    with lifting_cast.work("tess", writes=False) as store:
        (waiting,) = progress.waiting_stops(store)
    assert (waiting.client_id, waiting.name, waiting.from_practice, waiting.on) == (cleo(lifting_cast), "Cleo", True, today(lifting_cast))
    with lifting_cast.work("tom", writes=False) as store:
        assert progress.waiting_stops(store) == ()


def test_what_tess_sent_before_a_stop_is_answered_the_same_when_her_phone_sends_it_again(lifting_cast: Cast) -> None:
    seen, load = look("rdl-kb", Stage.RDL, performed_on=today(lifting_cast)), new()
    signed = fields(Stage.RDL, override_reason=WHY)
    first = (note(lifting_cast, seen), confirm(lifting_cast, 5, id=load), sign_off(lifting_cast, signed))
    assert hurts(lifting_cast).stopped
    again = (note(lifting_cast, seen), confirm(lifting_cast, 5, id=load), sign_off(lifting_cast, signed))
    assert [one.id for one in again] == [one.id for one in first]


def test_a_plan_on_hold_is_read_by_its_number_without_a_load_to_lift(lifting_cast: Cast) -> None:
    confirm(lifting_cast, 5)
    with lifting_cast.work("cleo", writes=False) as store:
        shown = plans.numbered_plan(store, cleo(lifting_cast), 1, today(lifting_cast)).progress
        assert shown is not None
        assert shown.loads == {"rdl-kb": 5}
    screen = replace(strong(lifting_cast.clock()), red_flags=("RF13",), measurements=())
    _, outcome = finish(lifting_cast, screen)
    assert outcome.referral is not None
    clear(lifting_cast, outcome.referral.id, cleared_on=today(lifting_cast))
    with lifting_cast.work("cleo", writes=False) as store:
        shown = plans.numbered_plan(store, cleo(lifting_cast), 1, today(lifting_cast)).progress
    assert shown is not None
    assert (shown.loads, shown.proposals) == ({}, ())


def test_an_archived_profile_is_read_and_not_written(strong_cast: Cast) -> None:
    with strong_cast.work("tess") as store:
        clients.archive_client(store, cleo(strong_cast), strong_cast.clock())
    assert view(strong_cast).halt is Halt.ARCHIVED
    assert view(strong_cast).progress is not None
    refused(strong_cast, lambda: sign_off(strong_cast, fields(override_reason=WHY)))


def test_a_new_screen_alone_makes_no_stage_fall(lifting_cast: Cast) -> None:
    before = {one.stage: one.state for one in (view(lifting_cast).progress or pytest.fail("no progress")).stages}
    lifting_cast.clock.move(days=1)
    finish(lifting_cast, strong(lifting_cast.clock()))
    after = {one.stage: one.state for one in (view(lifting_cast).progress or pytest.fail("no progress")).stages}
    assert after == before


def test_the_next_screen_is_due_after_four_weeks(strong_cast: Cast) -> None:
    assert [(one.kind, one.on) for one in view(strong_cast).due if one.kind == "routine"] == [("routine", DAY + timedelta(days=28))]


def test_every_writing_is_on_the_record(lifting_cast: Cast) -> None:
    confirm(lifting_cast, 8)
    with lifting_cast.database.work(writes=False) as store:
        assert _verbs(store) >= {"signed off", "overrode a gate of", "checked", "confirmed a load of"}


def _verbs(store: Store) -> set[str]:
    return {row.verb for row in store.session.query(AuditEvent)}


def test_a_situation_without_load_has_no_forms_for_it(cast: Cast) -> None:
    finish(cast, situation("minimum-only"))
    assert {form.stage for form in view(cast).forms} <= {Stage.SMR, Stage.STRENGTHENING, Stage.DOWEL}


def test_no_load_is_taken_with_an_exercise_of_the_ladder_that_is_done_without(lifting_cast: Cast) -> None:
    day, at = today(lifting_cast), lifting_cast.clock()
    with lifting_cast.work("cleo") as store:
        ticks = [Tick(new(), item, 1, day, at, done=True, load_kg=kg) for item, kg in ((RDL, 20.0), (RDL, 0.0), (WALL, 20.0))]
        added = practice.add_ticks(store, cleo(lifting_cast), ticks, at, day)
    assert added.accepted == (ticks[1].id,)
    assert {one.reason for one in added.refused} == {"This exercise is done without load."}
