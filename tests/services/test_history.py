"""A long history costs no more than a short one: what is summed up says what the log says, whatever arrives late, undone or back-dated."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from app.errors import Conflict, Invalid
from app.rules.history import gate_keys
from app.rules.progress import progress as from_the_log
from app.rules.today import today as due_on
from app.rules.track import READING
from app.rules.vocabulary import Side, SkipReason, Stage, StageState
from app.services import history, practice, progress, referrals
from app.services.practice import Tick
from app.services.progress import CheckFields, SignOffFields
from app.store import Store
from tests.cast import DAY, Cast
from tests.finished import finish, situation
from tests.ladder import CLIMB, WHY, climb, gate, strong

SEEDS = {"sqlite": 1, "postgresql": 2}
"""Each database has a chance of its own."""


@contextmanager
def as_tess(cast: Cast, *, writes: bool = True) -> Iterator[Store]:
    with cast.work("tess", writes=writes) as store:
        yield store


def cleo(cast: Cast) -> int:
    return cast.cleo.client_id or 0


def compare(cast: Cast, today: date) -> None:
    """What is read with the summary is what a recount from the log gives, for her progress, her figures and her day."""
    with cast.work("cleo", writes=False) as store:
        client = store.clients.get(cleo(cast))
        found = store.plans.standing(client.id)
        assert found.plan is not None
        assert found.recent is not None
        quick = history.lived(store, found, today)
        slow = history.lived(store, found._replace(recent=None), today)
        log = [entry.event for entry in store.practice.log(client, date.min, today)]
        plan = history.load_plan(found.plan)
        told = from_the_log(
            plan,
            log,
            store.progress.sign_offs(client),
            store.progress.screened(client),
            today,
            checks=store.progress.checks(client),
            loads=store.progress.loads(client),
            stops=store.progress.stops(client, store.actor.local),
            began=store.plans.listed(client)[0].made_on,
        )
        assert quick.progress == told == slow.progress
        assert quick.adherence == slow.adherence
        day = practice.my_day(store, today)
        if day.halt is None:
            assert day.due == due_on(plan, found.plan.made_on, log, today, progress=told)


class Chance:
    """Practice as it comes: done, undone, skipped, late, with a report now and then, and a trainer who looks in."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.random, self.made, self.answers = cast, random.Random(seed), 0, 0

    def id(self) -> str:
        self.made += 1
        return str(UUID(int=self.made))

    def tick(self, key: str, sets: int, on: date, at: datetime) -> Tick:
        what = self.random.random()
        return Tick(
            self.id(),
            key,
            self.random.randint(1, sets),
            on,
            at - timedelta(minutes=self.random.randrange(600)),
            done=what < 0.75,
            pain=self.random.choice((None, None, 0, 1, 2, 3 if self.random.random() < 0.3 else 0)) if what < 0.9 else None,
            skipped=self.random.choice(tuple(SkipReason)) if what >= 0.9 else None,
        )

    def practise(self, today: date, at: datetime, *, back: int, who: str) -> None:
        on = today - timedelta(days=back)
        with self.cast.work(who) as store:
            plan = practice.my_day(store, today).plan if who == "cleo" else practice.day_of(store, cleo(self.cast), None, today).plan
            if plan is None:
                return
            items = [item for stage in plan.stages for item in stage.items]
            ticks = [self.tick(one.key, one.dose.sets, on, at) for one in self.random.sample(items, min(len(items), 6))]
            if on < today and self.random.random() < 0.5:
                ticks.append(Tick(self.id(), "morning", 1, on, at, done=False, pain=self.random.randrange(3)))
            practice.add_ticks(store, cleo(self.cast), ticks, at, today)

    def look_in(self, today: date, at: datetime) -> None:
        with as_tess(self.cast) as store:
            view = progress.progress_of(store, cleo(self.cast), today)
            if view.referral is not None:
                self.answers += 1
                self.answer(store, view.referral.id, today, at)
            if view.halt is not None or view.progress is None or not view.forms:
                return
            form = self.random.choice(view.forms)
            gate = {one.key: self.random.random() < 0.8 for one in gate_keys(form.stage, form.side)}
            on = max(today - timedelta(days=self.random.choice((0, 0, 1, 9))), DAY)
            seen = {"pressure": 2.0} if form.stage is Stage.SMR else {}
            reps = 12 if form.reps else None
            check = CheckFields(self.id(), form.exercise, form.side, on, gate, seen, reps, reps, stage=form.stage)
            if form.stage is Stage.SMR or self.random.random() < 0.9:
                self.attempt(lambda: progress.note_check(store, cleo(self.cast), check, at, today), store)
        with as_tess(self.cast) as store:
            open_ones = [one.stage for one in view.progress.stages if one.state is StageState.OPEN]
            if open_ones and self.random.random() < 0.3:
                fields = SignOffFields(self.id(), self.random.choice(open_ones), override_reason=WHY)
                self.attempt(lambda: progress.sign_off(store, cleo(self.cast), fields, at, today), store)
        with as_tess(self.cast) as store:
            holding = [one for one in view.sign_offs if one.holds]
            if holding and self.random.random() < 0.1:
                one = self.random.choice(holding)
                self.attempt(lambda: progress.take_back_sign_off(store, cleo(self.cast), one.id, self.id(), "", at, today), store)

    def answer(self, store: Store, referral_id: int, today: date, at: datetime) -> None:
        referrals.clear(
            store,
            cleo(self.cast),
            referral_id,
            professional="Dr Moss",
            cleared_on=today,
            allowed=(),
            not_allowed=(),
            note="",
            at=at,
            today=today,
        )

    @staticmethod
    def attempt(use_case: Any, store: Store) -> None:
        try:
            use_case()
        except Conflict:
            store.undo()


@pytest.mark.slow
def test_what_is_summed_up_is_what_a_recount_says_after_late_undone_and_back_dated_events(cast: Cast) -> None:
    seed = SEEDS[cast.database.engine.dialect.name]
    finish(cast, strong(cast.clock()) if seed == 1 else situation("everything-tight"))
    chance = Chance(cast, seed)
    for day in range(1, 95):
        cast.clock.move(days=1)
        today, at = DAY + timedelta(days=day), cast.clock()
        if chance.random.random() < 0.6:
            chance.practise(today, at, back=0, who="cleo")
        if chance.random.random() < 0.15:
            chance.practise(today, at, back=chance.random.randint(1, min(day, 14)), who="cleo")
        if day % 30 == 29:
            chance.practise(today, at, back=chance.random.randint(day // 2, day), who="tess")
        if chance.random.random() < 0.3:
            chance.look_in(today, at)
        if day % 6 == 0:
            compare(cast, today)
        if day == 50 and seed == 2:
            finish(cast, replace(situation("everything-tight"), taken_on=today))
            compare(cast, today)
    compare(cast, DAY + timedelta(days=100))
    with as_tess(cast, writes=False) as store:
        view = progress.progress_of(store, cleo(cast), DAY + timedelta(days=100))
        assert len(store.practice.log(store.clients.get(cleo(cast)), DAY, DAY + timedelta(days=94))) > 200
    assert chance.answers or seed == 1
    assert view.sign_offs
    assert view.checks
    assert sum(one.partly for one in view.items)
    assert sum(one.excused for one in view.items)


def test_a_summary_that_has_been_let_go_is_made_again_by_the_next_tick(cast: Cast) -> None:
    finish(cast, situation("minimum-only"))
    with as_tess(cast) as store:
        store.progress.forget(store.clients.get(cleo(cast)))
        assert store.plans.standing(cleo(cast)).recent is None
    with cast.work("cleo") as store:
        practice.add_ticks(
            store, cleo(cast), [Tick(str(UUID(int=1)), "flexibility/strap-ham/left", 1, DAY, cast.clock(), done=True)], cast.clock(), DAY
        )
    compare(cast, DAY)


@pytest.mark.parametrize("part", ["document", "recent"])
def test_what_an_earlier_version_summed_up_in_another_shape_keeps_nobody_out(cast: Cast, part: str) -> None:
    finish(cast, situation("minimum-only"))
    with as_tess(cast) as store:
        client = store.clients.get(cleo(cast))
        kept = store.progress.summary(client)
        assert kept is not None
        other = '{"summed": {"tally": "of another shape"}}'
        store.progress.keep(client, kept._replace(document=other) if part == "document" else kept._replace(recent=other))
    cast.clock.move(days=1)
    today = cast.clock().date()
    with as_tess(cast, writes=False) as store:
        view = progress.progress_of(store, cleo(cast), today)
        assert view.progress is not None
        assert practice.day_of(store, cleo(cast), DAY, today).progress is not None
        assert practice.practised(store, cleo(cast), DAY, today, today).adherence == view.items
        assert bool(progress.roster(store, [store.clients.get(cleo(cast))], today)) == (part == "document")
    with cast.work("cleo") as store:
        ticked = Tick(str(UUID(int=1)), "flexibility/strap-ham/left", 1, DAY, cast.clock(), done=True)
        assert practice.add_ticks(store, cleo(cast), [ticked], cast.clock(), today).accepted
    compare(cast, today)


def test_the_command_makes_every_summary_anew(cast: Cast) -> None:
    finish(cast, situation("minimum-only"))
    with as_tess(cast, writes=False) as store:
        kept = store.progress.summary(store.clients.get(cleo(cast)))
    with as_tess(cast) as store:
        store.progress.forget(store.clients.get(cleo(cast)))
    with cast.database.work(writes=True) as store:
        assert history.recount_all(store, cast.clock()) == len(store.clients.everybody())
    with as_tess(cast, writes=False) as store:
        assert store.progress.summary(store.clients.get(cleo(cast))) == kept


def test_what_an_older_reading_of_her_days_summed_up_is_not_gone_on_from(cast: Cast) -> None:
    finish(cast, strong(cast.clock()))
    cast.clock.move(days=20)
    today = cast.clock().date()
    with as_tess(cast) as store:
        client = store.clients.get(cleo(cast))
        history.recount(store, client, today)
        kept = store.progress.summary(client)
        assert kept is not None
        wrong = [
            text.replace(f'"reading":{READING}', f'"reading":{READING - 1}').replace('"screened_on"', '"practised_on"')
            for text in (kept.document, kept.recent)
        ]
        assert wrong[0] != kept.document
        store.progress.keep(client, kept._replace(document=wrong[0], recent=wrong[1]))
    compare(cast, today)


def test_a_line_that_came_by_another_way_is_noticed_by_the_next_thing_that_a_trainer_writes(cast: Cast) -> None:
    finish(cast, strong(cast.clock()))
    cast.clock.move(days=70)
    today = cast.clock().date()
    with cast.work("cleo") as store:
        client, plan = store.clients.get(cleo(cast)), store.plans.standing(cleo(cast)).plan
        assert plan is not None
        history.recount(store, client, today)
        bridge = next(item.key for item in history.load_plan(plan).stages[2].items if item.exercise.endswith("bridge"))
        store.practice.append(
            [
                {
                    "studio_id": client.studio_id,
                    "client_id": client.id,
                    "plan_id": plan.id,
                    "uuid": str(UUID(int=number)),
                    "item": bridge,
                    "side": bridge.split("/")[2],
                    "set_number": number,
                    "done": True,
                    "performed_on": DAY + timedelta(days=1),
                    "at": cast.clock(),
                    "received_at": cast.clock(),
                    "entered_by": store.actor.user_id,
                }
                for number in (1, 2)
            ]
        )
    with as_tess(cast) as store:
        progress.sign_off(store, cleo(cast), SignOffFields(str(UUID(int=9)), Stage.STRENGTHENING, override_reason=WHY), cast.clock(), today)
    compare(cast, today)


def asked(cast: Cast, use_case: Any) -> int:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    with cast.work("tess", writes=False) as store:
        event.listen(cast.database.engine, "before_cursor_execute", note)
        use_case(store)
        event.remove(cast.database.engine, "before_cursor_execute", note)
    return len(statements)


def test_four_months_of_practice_are_read_with_as_many_questions_as_a_week(cast: Cast) -> None:
    finish(cast, situation("minimum-only"))
    keys = ("flexibility/strap-ham/left", "flexibility/strap-ham/right")

    def practise(days: range) -> date:
        for number in days:
            on, at = DAY + timedelta(days=number), cast.clock() + timedelta(days=number)
            ticks = [Tick(str(UUID(int=number * 10 + side)), key, 1, on, at, done=True) for side, key in enumerate(keys)]
            with cast.work("cleo") as store:
                practice.add_ticks(store, cleo(cast), ticks, at, on)
        return DAY + timedelta(days=days[-1])

    def cost(on: date) -> tuple[int, int]:
        return asked(cast, lambda store: progress.progress_of(store, cleo(cast), on)), asked(
            cast, lambda store: practice.day_of(store, cleo(cast), None, on)
        )

    week = practise(range(1, 8))
    cost(week)
    short = cost(week)
    months = practise(range(8, 120))
    assert cost(months) == short
    assert short[1] <= 2
    compare(cast, months)


def test_pain_that_is_told_late_changes_no_week_that_is_past(cast: Cast) -> None:
    finish(cast, situation("minimum-only"))
    for day in range(1, 14):
        cast.clock.move(days=1)
        with cast.work("cleo") as store:
            ticked = Tick(str(UUID(int=day)), "flexibility/strap-ham/left", 1, DAY + timedelta(days=day), cast.clock(), done=True)
            practice.add_ticks(store, cleo(cast), [ticked], cast.clock(), cast.clock().date())

    def figures() -> tuple[Any, Any]:
        with as_tess(cast, writes=False) as store:
            found = practice.practised(store, cleo(cast), DAY, DAY + timedelta(days=12), cast.clock().date())
            return found.adherence, found.weeks

    before = figures()
    with cast.work("cleo") as store:
        late = Tick(str(UUID(int=99)), "flexibility/strap-ham/right", 1, DAY + timedelta(days=2), cast.clock(), done=False, pain=7)
        assert practice.add_ticks(store, cleo(cast), [late], cast.clock(), cast.clock().date()).stopped
    assert figures() == before


def test_of_several_clients_each_log_is_read_from_her_own_day_on(cast: Cast) -> None:
    finish(cast, situation("minimum-only"))
    with cast.work("cleo") as store:
        ticks = [Tick(str(UUID(int=1)), "flexibility/strap-ham/left", 1, DAY, cast.clock(), done=True)]
        practice.add_ticks(store, cleo(cast), ticks, cast.clock(), DAY)
    later = DAY + timedelta(days=1)
    with as_tess(cast, writes=False) as store:
        assert list(store.practice.logs({cleo(cast): DAY, cleo(cast) + 1: later}, later)) == [cleo(cast)]
        assert store.practice.logs({cleo(cast): later, cleo(cast) + 1: DAY}, later) == {}
        assert store.practice.logs({}, later) == {}


def test_what_is_noted_late_of_a_session_changes_what_is_planned_from_then_on_and_no_day_before(cast: Cast) -> None:
    with as_tess(cast) as store:
        climb(store, cleo(cast), cast.clock())
    cast.clock.move(days=CLIMB.days)
    began = cast.clock().date()

    def look(at: datetime, on: date, id: int, failed: tuple[str, ...] = ()) -> None:
        fields = CheckFields(str(UUID(int=id)), "rdl-kb", Side.BOTH, on, gate(Stage.RDL, Side.BOTH, failed), {}, 8, 8)
        with as_tess(cast) as store:
            progress.note_check(store, cleo(cast), fields, at, at.date())

    def figures(last: date) -> Any:
        with as_tess(cast, writes=False) as store:
            found = practice.practised(store, cleo(cast), began, last, cast.clock().date())
            return found.adherence, found.weeks

    for day in range(20):
        cast.clock.move(days=1)
        on = cast.clock().date()
        with cast.work("cleo") as store:
            ticks = [Tick(str(UUID(int=day * 10 + n)), "rdl/rdl-kb/both", n, on, cast.clock(), done=True) for n in (1, 2)]
            practice.add_ticks(store, cleo(cast), ticks, cast.clock(), on)
    yesterday = cast.clock().date() - timedelta(days=1)
    before = figures(yesterday)
    for back, id in ((18, 901), (17, 902), (16, 903)):
        look(cast.clock(), began + timedelta(days=20 - back), id, ("neutral",))
    assert figures(yesterday) == before
    compare(cast, cast.clock().date())
    cast.clock.move(days=5)
    assert figures(yesterday) == before
    names = {item.item for item in figures(cast.clock().date())[0]}
    assert any(name.startswith("rdl/rdl-dowel") for name in names), "from the day after it she practises what is easier"
    for _ in range(3):
        cast.clock.move(days=30)
        with cast.work("cleo") as store:
            history.entered(store, store.clients.get(cleo(cast)), cast.clock().date(), cast.clock().date(), only_ticks=False)
        assert figures(yesterday) == before
        compare(cast, cast.clock().date())


class Late(Chance):
    """The same on the way up the ladder, most of it told late or taken back; keeps the week and the item that each line counts for."""

    def __init__(self, cast: Cast, seed: int) -> None:
        super().__init__(cast, seed)
        self.about = set[tuple[date, str]]()

    def come(self, today: date, at: datetime) -> None:
        back = self.random.choice((0, 0, 0, 1, 1, 2, 5, 14))
        who = "cleo"
        if self.random.random() < 0.1:
            back, who = self.random.randrange((today - DAY).days + 1), "tess"
        on = max(today - timedelta(days=back), DAY)
        with self.cast.work("tess", writes=False) as store:
            try:
                day = practice.day_of(store, cleo(self.cast), on, today)
            except Invalid:
                return
        if day.due is None or day.plan is None:
            return
        items = [one.item for one in day.due.items] + [item for stage in day.plan.stages for item in stage.items]
        picked = self.random.sample(items[: len(day.due.items)] or items, 1) + self.random.sample(items, 2)
        sets = [(item, number) for item in picked for number in range(1, item.dose.sets + 1)]
        ticks = [replace(self.tick(item.key, 1, on, at), set=number) for item, number in sets]
        ticks = [replace(one, pain=8) if self.random.random() < 0.02 else one for one in ticks]
        if on < today and self.random.random() < 0.7:
            ticks.append(Tick(self.id(), "morning", 1, on, at, done=False, pain=self.random.choice((0, 0, 3, 4))))
        with self.cast.work(who) as store:
            added = practice.add_ticks(store, cleo(self.cast), ticks, at, today)
        accepted = {(one.performed_on - timedelta(days=one.performed_on.weekday()), one.item) for one in ticks if one.id in added.accepted}
        instead = {(item.easier.key, item.key) for item in items if item.easier is not None}
        self.about |= accepted | {(monday, harder) for monday, item in accepted for easier, harder in instead if item == easier}

    def take_back(self, today: date, at: datetime) -> None:
        with as_tess(self.cast) as store:
            view = progress.progress_of(store, cleo(self.cast), today)
            lines = [one for one in view.checks if one.holds]
            if view.halt is None and lines:
                one = self.random.choice(lines)
                self.attempt(lambda: progress.take_back_check(store, cleo(self.cast), one.id, self.id(), at, today), store)


def by_item(cast: Cast, last: date) -> dict[tuple[date, str], tuple[int, tuple[int, int, int]]]:
    """Of each week and item what was planned, and what became of it."""
    with cast.work("tess", writes=False) as store:
        found = history.weeks_between(store, store.clients.get(cleo(cast)), DAY, last)
    return {(one.monday, one.item): (one.planned, (one.done, one.partly, one.excused)) for one in found}


@pytest.mark.slow
def test_what_was_planned_for_a_day_that_is_over_never_changes_whatever_is_told_late(cast: Cast) -> None:
    seed = SEEDS[cast.database.engine.dialect.name]
    with as_tess(cast) as store:
        climb(store, cleo(cast), cast.clock())
    cast.clock.move(days=CLIMB.days)
    chance, changed, told = Late(cast, seed), 0, by_item(cast, cast.clock().date() - timedelta(days=1))
    for day in range(20):
        today, at = cast.clock().date(), cast.clock()
        yesterday = today - timedelta(days=1)
        for act in (chance.come, chance.come, chance.look_in, chance.take_back):
            chance.about.clear()
            if chance.random.random() < (0.2 if act == chance.take_back else 0.6):
                act(today, at)
            now = by_item(cast, yesterday)
            assert {key: planned for key, (planned, _) in now.items()} == {key: planned for key, (planned, _) in told.items()}
            assert {key for key in now if now[key] != told[key]} <= chance.about
            changed += now != told
            told = now
        told = by_item(cast, today)
        if day % 10 == 9:
            compare(cast, today)
        cast.clock.move(days=1)
    assert changed > 5


def test_a_screen_that_is_mended_or_back_dated_changes_no_week_that_is_past(cast: Cast) -> None:
    with as_tess(cast) as store:
        climb(store, cleo(cast), cast.clock())
    cast.clock.move(days=CLIMB.days + 20)
    yesterday = cast.clock().date() - timedelta(days=1)
    before = by_item(cast, yesterday)
    finish(cast, replace(situation("minimum-only"), taken_on=yesterday - timedelta(days=15)))
    assert by_item(cast, yesterday) == before
    cast.clock.move(days=20)
    yesterday = cast.clock().date() - timedelta(days=1)
    before = by_item(cast, yesterday)
    mistyped, outcome = finish(cast, replace(situation("painful-test"), taken_on=cast.clock().date()))
    assert outcome.plan is None
    cast.clock.move(days=10)
    stopped = by_item(cast, cast.clock().date() - timedelta(days=1))
    finish(cast, replace(situation("minimum-only"), taken_on=cast.clock().date()), mends=mistyped)
    assert by_item(cast, cast.clock().date() - timedelta(days=1)) == stopped
    assert by_item(cast, yesterday) == before
    compare(cast, cast.clock().date())
