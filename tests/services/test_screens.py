"""Drafts that lose nothing, screens that never change, and mending: what trainers do with a screen, as the use cases see it."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from app import models
from app.errors import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from app.rules.battery import BATTERY, CENTIMETRES
from app.rules.documents import Injury, Measurement
from app.rules.vocabulary import Region, Side, Status
from app.services import accounts, clients, plans, screens
from app.services.accounts import Try
from app.services.drafts import Fields, Typed, kept, read, test_in, typed_again
from app.services.screens import Draft, DraftThere, Finished, Logged, StaleDraft
from app.store import Store
from tests.cast import DAY, Cast
from tests.finished import situation
from tests.rules.situations import SITUATIONS
from tests.screening import STOPPED, TIGHT, sent, typed

test_in.__test__ = False  # type: ignore[attr-defined]  # its name is about tests of the battery


def her(cast: Cast, name: str = "cleo") -> int:
    return cast.people[name].client_id or 0


def start(cast: Cast, who: str = "tess", client: str = "cleo", *, another: bool = False) -> int:
    with cast.work(who) as store:
        return screens.start_draft(store, her(cast, client), cast.clock(), cast.clock().date(), another=another).id


def save(cast: Cast, draft: int, fields: Fields, *, revision: int = 0, stamp: str = "", who: str = "tess", client: str = "cleo") -> int:
    with cast.work(who) as store:
        return screens.save_draft(store, her(cast, client), draft, fields, revision, stamp, cast.clock()).revision


def draft_of(cast: Cast, draft: int, who: str = "tess") -> Draft:
    with cast.work(who, writes=False) as store:
        return screens.get_draft(store, her(cast), draft, cast.clock(), cast.clock().date())


def finish(cast: Cast, draft: int, revision: int = 1, who: str = "tess") -> Logged:
    with cast.work(who) as store:
        return screens.finish_draft(store, her(cast), draft, revision, cast.clock(), cast.clock().date())


def log(cast: Cast, name: str = TIGHT) -> Logged:
    with cast.work("tess") as store:
        return screens.log_screen(store, her(cast), sent(name), cast.clock(), cast.clock().date())


def mend(cast: Cast, screen: int, reason: str = "Typed the wrong leg.") -> int:
    with cast.work("tess") as store:
        return screens.mend_screen(store, her(cast), screen, reason, cast.clock()).id


def plan_of(cast: Cast) -> plans.PlanView:
    with cast.work("tess", writes=False) as store:
        return plans.current_plan(store, her(cast), DAY)


# --- a draft --------------------------------------------------------------------------------------------------------


def test_a_draft_keeps_what_was_typed_just_as_it_was_typed(cast: Cast) -> None:
    draft = start(cast)
    fields = {"measurements.AKE.left.value": ("12,,5",), "note": (" Slept badly. ",), "red_flags": ("RF6", "RF7")}
    assert save(cast, draft, fields) == 1
    assert draft_of(cast, draft).typed.fields == fields


def test_what_is_no_field_of_a_draft_is_not_kept(cast: Cast) -> None:
    draft = start(cast)
    save(
        cast,
        draft,
        {"note": ("x",), "sign_in_password": ("secret",), "history.injuries.99.what": ("x",), "measurements.FAIR.left.value": ("1",)},
    )
    assert draft_of(cast, draft).typed.fields == {"note": ("x",)}


def test_a_draft_flags_what_it_cannot_read_and_keeps_the_rest(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, {"measurements.AKE.left.value": ("12,,5",), "measurements.AKE.right.value": ("12,5",), "taken_on": ("soon",)})
    found = draft_of(cast, draft)
    assert {one.field for one in found.reading.problems} == {"measurements.AKE.left.value", "taken_on"}
    assert [(line.side, line.value, line.grade) for line in found.graded] == [(Side.RIGHT, 12.5, 0)]


def test_a_second_draft_is_started_only_on_request(cast: Cast) -> None:
    first = start(cast)
    with cast.work("tess") as store:
        with pytest.raises(DraftThere) as there:
            screens.start_draft(store, her(cast), cast.clock(), DAY, another=False)
        assert [one.id for one in there.value.drafts] == [first]
    second = start(cast, another=True)
    with cast.work("tess", writes=False) as store:
        assert {one.id for one in screens.drafts(store, her(cast), cast.clock())} == {first, second}


def test_a_draft_is_seen_by_the_clients_trainers_and_by_nobody_else(cast: Cast) -> None:
    draft = start(cast)
    for who in ("tom", "bea"):
        with pytest.raises(NotFound):
            draft_of(cast, draft, who)
        with pytest.raises(NotFound):
            save(cast, draft, {"note": ("x",)}, who=who)
    for who in ("ada", "cleo"):
        with pytest.raises(NotAllowed):
            draft_of(cast, draft, who)
    with cast.work("tess") as store:
        clients.share_client(store, her(cast), cast.tom.user_id, cast.clock())
    assert draft_of(cast, draft, "tom").author == "Tess"
    assert save(cast, draft, {"note": ("from Tom",)}, who="tom") == 1


def test_the_older_of_two_saves_never_overwrites_the_newer_one(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, {"note": ("laptop",)}, revision=0)
    with pytest.raises(StaleDraft) as stale:
        save(cast, draft, {"note": ("tablet",)}, revision=0)
    assert (stale.value.mine, stale.value.theirs, stale.value.revision) == ({"note": ("tablet",)}, {"note": ("laptop",)}, 1)
    assert draft_of(cast, draft).typed.value("note") == "laptop"
    assert save(cast, draft, {"note": ("laptop",)}, revision=0) == 1, "the same twice is the same"


def test_a_page_whose_answer_got_lost_goes_on_saving(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, {"note": ("a",)}, revision=0, stamp="page:1")
    assert save(cast, draft, {"note": ("ab",)}, revision=0, stamp="page:2") == 2
    assert save(cast, draft, {"note": ("a",)}, revision=0, stamp="page:1") == 2, "what arrives late is older"
    assert draft_of(cast, draft).typed.value("note") == "ab"
    with pytest.raises(StaleDraft):
        save(cast, draft, {"note": ("x",)}, revision=0, stamp="another:3")


def test_a_draft_that_nobody_touches_goes_after_thirty_days(cast: Cast) -> None:
    old = start(cast)
    save(cast, old, {"note": ("x",)})
    cast.clock.move(days=30)
    assert draft_of(cast, old).row.id == old
    cast.clock.move(seconds=1)
    with pytest.raises(NotFound):
        draft_of(cast, old)
    with pytest.raises(NotFound):
        save(cast, old, {"note": ("y",)}, revision=1)
    with cast.work("tess", writes=False) as store:
        assert screens.drafts(store, her(cast), cast.clock()) == ()
    start(cast)
    with cast.work("tess", writes=False) as store, pytest.raises(NotFound):
        store.screens.get(store.clients.get(her(cast)), old)


def test_forgotten_drafts_go_when_anybody_signs_in(cast: Cast) -> None:
    old = start(cast)
    cast.clock.move(days=31)
    with cast.database.work(writes=True) as store:
        bea = store.accounts.user(cast.bea.user_id)
        accounts.sign_in(store, Try(bea.id, bea.password_hash, may_try=True), "a browser", cast.clock())
    with cast.database.work(writes=False) as store:
        assert old not in store.session.scalars(select(models.Screen.id)).all()


def test_the_id_of_a_discarded_draft_is_never_given_again(cast: Cast) -> None:
    old = start(cast)
    with cast.work("tess") as store:
        screens.discard_draft(store, her(cast), old, cast.clock())
    assert start(cast) != old


def test_a_discarded_draft_can_be_brought_back(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, typed())
    with cast.work("tess") as store:
        gone = screens.discard_draft(store, her(cast), draft, cast.clock())
    with pytest.raises(NotFound):
        draft_of(cast, draft)
    with cast.work("tess") as store:
        back = screens.restore_draft(store, her(cast), gone.typed, gone.mends, cast.clock(), DAY).id
    assert draft_of(cast, back).typed.fields == typed()


def test_no_draft_for_an_archived_client_or_one_without_consent(cast: Cast) -> None:
    draft = start(cast)
    with cast.work("tess") as store:
        clients.withdraw_consent(store, her(cast), cast.clock())
    for attempt in (lambda: start(cast, another=True), lambda: save(cast, draft, {"note": ("x",)}), lambda: finish(cast, draft, 0)):
        with pytest.raises(Conflict):
            attempt()
    with cast.work("tess") as store:
        new = clients.add_client(
            store, clients.ClientFields("New", 1990, SITUATIONS[TIGHT].screen.person.sex), cast.clock(), DAY, consented_on=None
        )
        with pytest.raises(Conflict, match="Consent comes first"):
            screens.start_draft(store, new.id, cast.clock(), DAY, another=False)


def test_a_text_without_end_is_refused_and_changes_nothing(cast: Cast) -> None:
    draft = start(cast)
    with pytest.raises(Invalid):
        save(cast, draft, {"note": ("x" * 4001,)})
    assert draft_of(cast, draft).row.revision == 0


# --- what typed fields say --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("units", ["metric", "imperial"])
@pytest.mark.parametrize("name", SITUATIONS)
def test_every_situation_can_be_typed_and_says_the_same(name: str, units: str) -> None:
    screen = situation(name)
    screen = replace(screen, history=replace(screen.history, injuries=(Injury("sprain", Region.KNEE, Side.LEFT, 2019, cleared=True),)))
    found = read(typed_again(screen, units), date(2000, 1, 1))
    assert (found.problems, found.unasked) == ((), ())
    assert found.fields.history == screen.history
    assert (found.fields.readiness, found.fields.red_flags, found.fields.taken_on) == (screen.readiness, screen.red_flags, screen.taken_on)

    def by_place(measurements: tuple[Measurement, ...]) -> Mapping[str, object]:
        return {f"{one.test}.{one.side}": (one.value, one.pain, one.extra or {}) for one in measurements}

    said, meant = by_place(found.fields.measurements), by_place(screen.measurements)
    assert said.keys() == meant.keys()
    for place, value in meant.items():
        if place != "HINGE8.both":
            assert said[place] == value, place


def one(field: str, text: str, units: str = "metric") -> tuple[float | None, list[str]]:
    found = read(Typed(units, {"taken_on": ("2026-11-22",), field: (text,)}), DAY)
    return next((it.value for it in found.fields.measurements), None), [problem.message for problem in found.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("12,5", 12.5),
        ("12.5", 12.5),
        (" 12 ", 12),
        ("12 ,5", 12.5),
        ("- 4", -4),
        ("−4", -4),
        ("-4", -4),
        ("+3", 3),
        (",5", 0.5),
        ("12.", 12),
        ("0", 0),
    ],
)
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    assert one("measurements.MTT_HIP.left.value", text) == (value, [])


@pytest.mark.parametrize("text", ["12,,5", "1 5", "1\u00a05", "1,2.3", "twelve", "1e3", "NaN", "inf", "--4", "٣", "1" * 30, "12 cm", "0x1"])
def test_what_is_no_number(text: str) -> None:
    assert one("measurements.MTT_HIP.left.value", text) == (None, ["Write a number, such as 12 or 12,5."])


def test_inches_become_centimetres_and_a_range_is_told_in_inches() -> None:
    assert one("measurements.FIG4.left.value", "6", "imperial") == (15.24, [])
    assert one("measurements.FIG4.left.value", "25", "imperial")[1] == ["Between 0 and 19.7 in."]
    assert one("measurements.PLANK.both.value", "50", "imperial") == (50, [])


def test_every_half_centimetre_comes_back_from_inches_as_it_was() -> None:
    test = next(test for test in BATTERY if test.unit is CENTIMETRES)
    for half in range(121):
        typed_so = typed_again(replace(situation(TIGHT), measurements=(Measurement(test.id, Side.LEFT, half / 2),)), "imperial")
        assert one(f"measurements.{test.id}.left.value", typed_so.value(f"measurements.{test.id}.left.value"), "imperial")[0] == half / 2


def test_ticked_points_are_counted(cast: Cast) -> None:
    fields = {"taken_on": ("2026-11-22",), "measurements.HINGE8.both.extra.failed": ("shin", "order")}
    assert read(Typed("metric", fields), DAY).fields.measurements[0].value == 6


def test_none_of_these_and_one_of_these_do_not_go_together() -> None:
    fields = {"taken_on": ("2026-11-22",), "red_flags": ("RF6",), "red_flags_asked": ("none",)}
    assert [problem.field for problem in read(Typed("metric", fields), DAY).problems] == ["red_flags"]


def test_blank_rows_of_injuries_are_passed_over_and_problems_stay_with_their_rows(cast: Cast) -> None:
    draft = start(cast)
    fields = dict(typed())
    fields.pop("injuries_asked", None)
    fields |= {
        "history.injuries.1.what": ("strain",),
        "history.injuries.1.region": ("thigh",),
        "history.injuries.4.region": ("hip",),
        "history.injuries.6.what": ("fall",),
    }
    save(cast, draft, fields)
    found = draft_of(cast, draft)
    assert [injury.what for injury in found.document.history.injuries] == ["strain", "", "fall"]
    assert {"history.injuries.4.what", "history.injuries.6.region"} <= {problem.field for problem in found.problems}


def test_fields_without_a_value_are_not_kept() -> None:
    assert kept({"note": ("",), "taken_on": ("2026-11-22",)}) == {"taken_on": ("2026-11-22",)}


# --- finishing --------------------------------------------------------------------------------------------------------


def test_finishing_publishes_what_was_previewed(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, typed())
    shown = draft_of(cast, draft)
    assert (shown.problems, shown.preview.assessment.status) == ((), Status.PLAN_READY)
    with pytest.raises(NotFound):
        plan_of(cast)
    logged = finish(cast, draft)
    assert plan_of(cast).plan == shown.preview.plan
    assert (logged.row.typed, logged.row.finished_at) == (None, cast.clock())
    with pytest.raises(Finished):
        draft_of(cast, draft)
    with pytest.raises(Finished):
        save(cast, draft, {"note": ("later",)}, revision=1)


def test_a_screen_is_finished_once(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, typed())
    finish(cast, draft)
    with pytest.raises(Finished):
        finish(cast, draft)
    with cast.work("tess", writes=False) as store:
        assert len(store.plans.all(store.clients.get(her(cast)))) == 1


def test_what_was_typed_after_the_preview_is_not_finished_unseen(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, typed())
    save(cast, draft, typed(note="More."), revision=1)
    with pytest.raises(StaleVersion):
        finish(cast, draft, revision=1)


def test_an_incomplete_draft_is_not_finished_and_says_what_is_missing(cast: Cast) -> None:
    draft = start(cast)
    fields = {name: values for name, values in typed().items() if not name.startswith("measurements.AKE.left")}
    save(cast, draft, fields)
    with pytest.raises(Invalid) as refusal:
        finish(cast, draft)
    assert [error.field for error in refusal.value.errors] == ["measurements.AKE.left.value"]


def test_what_cannot_be_read_is_in_the_way_of_finishing_even_a_stop(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, {"taken_on": ("2026-11-22",), "red_flags": ("RF1",), "measurements.AKE.left.value": ("12,,5",)})
    with pytest.raises(Invalid) as refusal:
        finish(cast, draft)
    assert [error.field for error in refusal.value.errors] == ["measurements.AKE.left.value"]
    save(cast, draft, {"taken_on": ("2026-11-22",), "red_flags": ("RF1",)}, revision=1)
    assert finish(cast, draft, 2).outcome.assessment.status is Status.EMERGENCY


def test_red_flags_and_injuries_must_have_been_asked(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, typed(red_flags_asked="", injuries_asked=""))
    with pytest.raises(Invalid) as refusal:
        finish(cast, draft)
    assert {error.field for error in refusal.value.errors} == {"red_flags", "injuries_asked"}


def test_a_screen_of_tomorrow_is_refused(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, typed(taken_on=(DAY + timedelta(days=1)).isoformat()))
    with pytest.raises(Invalid) as refusal:
        finish(cast, draft)
    assert [error.field for error in refusal.value.errors] == ["taken_on"]


# --- mending ----------------------------------------------------------------------------------------------------------


def test_a_mistyped_screen_is_mended_and_the_plan_follows(cast: Cast) -> None:
    first = log(cast).row.id
    draft = mend(cast, first)
    assert mend(cast, first) == draft, "one mending at a time"
    found = draft_of(cast, draft)
    assert (found.problems, found.typed.value("supersede_reason")) == ((), "Typed the wrong leg.")
    fields = {**found.typed.fields, "measurements.AKE.left.value": ("30",)}
    save(cast, draft, fields)
    finish(cast, draft)
    assert (plan_of(cast).number, plan_of(cast).screen_id) == (2, draft)
    with cast.work("tess", writes=False) as store:
        old, new = screens.get_screen(store, her(cast), first), screens.get_screen(store, her(cast), draft)
    assert (old.superseded_by, old.plan, old.measurements) == (draft, 1, situation(TIGHT).measurements)
    assert (new.supersedes, new.supersede_reason, new.plan) == (first, "Typed the wrong leg.", 2)


def test_mending_a_stop_can_lift_it(cast: Cast) -> None:
    stopped = log(cast, STOPPED)
    assert stopped.outcome.referral is not None
    draft = mend(cast, stopped.row.id)
    save(cast, draft, {**typed(), "supersede_reason": ("No pain at all.",)})
    assert finish(cast, draft).outcome.plan is not None
    assert plan_of(cast).number == 1


def test_only_the_screen_that_stands_can_be_mended(cast: Cast) -> None:
    first = log(cast).row.id
    draft = mend(cast, first)
    cast.clock.move(minutes=1)
    second = log(cast).row.id
    with pytest.raises(Conflict, match="no longer the latest"):
        finish(cast, draft, 0)
    with pytest.raises(Conflict, match="Only the latest"):
        mend(cast, first)
    assert mend(cast, second)


def test_mending_needs_a_reason(cast: Cast) -> None:
    first = log(cast).row.id
    with pytest.raises(Invalid):
        mend(cast, first, "  ")
    draft = mend(cast, first)
    save(cast, draft, {**typed(), "measurements.AKE.left.value": ("31",)})
    with pytest.raises(Invalid) as refusal:
        finish(cast, draft)
    assert [error.field for error in refusal.value.errors] == ["supersede_reason"]


def test_a_discarded_mending_comes_back_as_a_mending(cast: Cast) -> None:
    first = log(cast).row.id
    draft = mend(cast, first)
    with cast.work("tess") as store:
        gone = screens.discard_draft(store, her(cast), draft, cast.clock())
        back = screens.restore_draft(store, her(cast), gone.typed, gone.mends, cast.clock(), DAY)
        assert (back.supersedes_id, back.supersede_reason) == (first, "Typed the wrong leg.")
        with pytest.raises(Conflict):
            screens.restore_draft(store, her(cast), gone.typed, gone.mends, cast.clock(), DAY)


def test_the_number_of_queries_for_a_list_does_not_grow(cast: Cast) -> None:
    def queries() -> int:
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        with cast.work("tess", writes=False) as store:
            engine = store.session.get_bind()
            event.listen(engine, "before_cursor_execute", counted)
            screens.list_screens(store, her(cast), 50)
            event.remove(engine, "before_cursor_execute", counted)
        return count

    log(cast)
    few = queries()
    for _ in range(4):
        cast.clock.move(minutes=1)
        log(cast)
    assert queries() == few


def test_every_step_leaves_a_line_in_the_audit_log(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, typed())
    finish(cast, draft)
    with cast.work("tess", writes=False) as store:
        found = [(row.verb, row.noun) for row in _audit(store)]
    assert [verb for verb, noun in found if noun == "screen"] == ["started", "saved", "finished"]


def test_what_saves_itself_leaves_one_line_for_each_page(cast: Cast) -> None:
    draft = start(cast)
    for revision, stamp in enumerate(("one:1", "one:2", "one:3", "two:1")):
        save(cast, draft, {"note": (stamp,)}, stamp=stamp, revision=revision)
    with cast.work("tess", writes=False) as store:
        assert [row.verb for row in _audit(store) if row.noun == "screen"] == ["started", "saved", "saved"]


def _audit(store: Store) -> list[models.AuditEvent]:
    store.session.info.pop("scope", None)
    return list(store.session.scalars(select(models.AuditEvent)))


# --- at once --------------------------------------------------------------------------------------------------------


def test_the_screen_that_was_finished_last_is_the_current_one_even_if_it_was_sent_first(cast: Cast) -> None:
    log(cast, TIGHT)
    with cast.work("tess") as store:
        waited = screens.log_screen(store, her(cast), sent("minimum-only"), cast.clock() - timedelta(seconds=5), cast.clock().date())
    assert plan_of(cast).screen_id == waited.row.id
    assert plan_of(cast).number == 2


def test_screens_logged_at_once_are_all_there_and_each_has_its_plan(cast: Cast) -> None:
    numbers: list[int] = []

    def one() -> None:
        with cast.work("tess") as store:
            screens.log_screen(store, her(cast), sent(TIGHT), cast.clock(), cast.clock().date())
            numbers.append(plans.current_plan(store, her(cast), DAY).number or 0)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2, 3, 4]
    assert plan_of(cast).number == 4
