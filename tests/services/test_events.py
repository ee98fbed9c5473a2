"""What happens to Cleo between two screens: Tess notes it, another screen is due, and a mistake is taken back."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.models import AuditEvent, ClientEvent
from app.rules.rescreen import EVENTS
from app.services import clients, practice, progress
from app.services.practice import Tick
from app.services.progress import Attention, ProgressView
from tests.cast import DAY, Cast
from tests.finished import finish, situation
from tests.services.test_referrals import clear
from tests.world import contents

FELL = DAY + timedelta(days=3)


@pytest.fixture
def later_cast(cast: Cast) -> Cast:
    """Cleo was screened five days ago."""
    finish(cast, situation("one-sided-hamstring"))
    cast.clock.move(days=5)
    return cast


def note(cast: Cast, kind: str = "fall", on: date = FELL, words: str = "On the stairs.", who: str = "tess") -> int:
    with cast.work(who) as store:
        return clients.note_event(store, cast.cleo.client_id or 0, kind, on, words, cast.clock(), cast.clock().date()).id


def take_back(cast: Cast, event: int, who: str = "tess") -> None:
    with cast.work(who) as store:
        clients.take_back_event(store, cast.cleo.client_id or 0, event, cast.clock())


def view(cast: Cast, who: str = "tess") -> ProgressView:
    with cast.work(who, writes=False) as store:
        return progress.progress_of(store, cast.cleo.client_id or 0, cast.clock().date())


def due(cast: Cast, who: str = "tess") -> list[tuple[date, str]]:
    return [(one.on, one.because) for one in view(cast, who).due if one.kind == "event"]


def asks(cast: Cast) -> Attention:
    with cast.work("tess", writes=False) as store:
        her = store.clients.get(cast.cleo.client_id or 0)
        return progress.roster(store, [her], cast.clock().date())[her.id]


def test_after_a_fall_another_screen_is_due_and_cleo_reads_so_without_the_note(later_cast: Cast) -> None:
    assert due(later_cast) == []
    note(later_cast)
    because = [(FELL, "Something happened since the last screen: a fall.")]
    assert due(later_cast) == due(later_cast, "cleo") == because
    assert [(one.words, one.on, one.by, one.note) for one in view(later_cast).events] == [("a fall", FELL, "Tess", "On the stairs.")]
    assert view(later_cast, "cleo").events == ()
    assert "stairs" not in str(view(later_cast, "cleo"))
    assert [(one.kind, one.on) for one in asks(later_cast).due] == [("event", FELL)]


def to_screen(cast: Cast) -> list[tuple[str, date]]:
    with cast.work("tess", writes=False) as store:
        found = progress.to_screen_again(store, cast.clock().date(), 5)
    assert len(found.clients) == found.total
    return [(name, on) for _, name, on in found.clients]


def practise(cast: Cast, **report: Any) -> bool:
    on = cast.clock().date()
    with cast.work("cleo") as store:
        ticked = Tick(str(uuid4()), "flexibility/strap-ham/left", 1, on, cast.clock(), done=True, **report)
        return practice.add_ticks(store, cast.cleo.client_id or 0, [ticked], cast.clock(), on).stopped


def test_her_trainer_sees_above_the_list_and_beside_her_name_whatever_makes_a_screen_due(later_cast: Cast) -> None:
    practise(later_cast)
    assert to_screen(later_cast) == []
    later_cast.clock.move(days=15)
    away = later_cast.clock().date()
    assert to_screen(later_cast) == [("Cleo", away)]
    assert [(one.kind, one.on) for one in asks(later_cast).due if one.stage is None] == [("layoff", away)]
    note(later_cast)
    assert to_screen(later_cast) == [("Cleo", FELL)]
    finish(later_cast, situation("one-sided-hamstring", taken_on=away))
    later_cast.clock.move(days=1)
    assert to_screen(later_cast) == []
    assert practise(later_cast, pain=8)
    assert to_screen(later_cast) == [], "while she waits for an answer she stands among the stops"
    answered = later_cast.clock().date() + timedelta(days=1)
    later_cast.clock.move(days=1)
    stop = view(later_cast).referral
    assert stop is not None
    clear(later_cast, stop.id, cleared_on=answered)
    assert to_screen(later_cast) == [("Cleo", answered)]
    assert [(one.kind, one.on) for one in asks(later_cast).due if one.stage is None] == [("pain", answered)]
    finish(later_cast, situation("one-sided-hamstring", taken_on=answered))
    later_cast.clock.move(days=14)
    practise(later_cast)
    later_cast.clock.move(days=14)
    routine = answered + timedelta(days=28)
    assert to_screen(later_cast) == [("Cleo", routine)]
    assert [(one.kind, one.on) for one in asks(later_cast).due if one.stage is None] == [("routine", routine)]
    with later_cast.work("tom", writes=False) as store:
        assert progress.to_screen_again(store, answered, 5).total == 0


def test_who_practises_again_after_a_long_break_stays_on_the_list_until_she_is_screened(later_cast: Cast) -> None:
    practise(later_cast)
    later_cast.clock.move(days=18)
    practise(later_cast)
    later_cast.clock.move(days=1)
    away = later_cast.clock().date() - timedelta(days=4)
    assert to_screen(later_cast) == [("Cleo", away)]
    assert [(one.kind, one.on) for one in asks(later_cast).due if one.stage is None] == [("layoff", away)]
    finish(later_cast, situation("one-sided-hamstring", taken_on=later_cast.clock().date()))
    later_cast.clock.move(days=10)
    practise(later_cast)
    later_cast.clock.move(days=10)
    assert to_screen(later_cast) == []


def test_a_screen_of_an_earlier_day_that_is_logged_late_makes_nothing_due_sooner(later_cast: Cast) -> None:
    practise(later_cast)
    newest = situation("one-sided-hamstring", taken_on=later_cast.clock().date())
    finish(later_cast, newest)
    later_cast.clock.move(days=1)
    late, _ = finish(later_cast, situation("desk-worker-with-a-tilt", taken_on=DAY - timedelta(days=30)))
    routine = newest.taken_on + timedelta(days=28)
    assert to_screen(later_cast) == []
    assert asks(later_cast).due == ()
    assert [(one.kind, one.on) for one in view(later_cast, "cleo").due] == [("routine", routine)]
    with later_cast.work("tess", writes=False) as store:
        her = store.clients.get(later_cast.cleo.client_id or 0)
        facts = clients.facts_of(store, [her])[her.id]
        assert (facts.screen_id, facts.taken_on) == (late, DAY - timedelta(days=30)), "her plan is made from it"
        assert facts.screened_on == newest.taken_on


def test_the_next_screen_answers_it(later_cast: Cast) -> None:
    note(later_cast)
    finish(later_cast, situation("one-sided-hamstring", taken_on=later_cast.clock().date()))
    later_cast.clock.move(days=1)
    assert due(later_cast) == []
    assert asks(later_cast).due == ()
    assert len(view(later_cast).events) == 1


def test_a_mistake_is_taken_back_and_stays_in_the_log(later_cast: Cast) -> None:
    event = note(later_cast)
    for _ in range(2):
        take_back(later_cast, event)
    assert (due(later_cast), view(later_cast).events, asks(later_cast).due) == ([], (), ())
    with later_cast.work("tess", writes=False) as store:
        kept = store.session.scalars(select(ClientEvent)).one()
        assert (kept.note, kept.taken_back_by, kept.taken_back_at) == ("On the stairs.", later_cast.tess.user_id, later_cast.clock())
    with later_cast.work("ada", writes=False) as store:
        verbs = [one for one in store.session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)) if "event" in one]
    assert verbs == ["noted an event of", "took back an event of"]
    assert note(later_cast) != event


def test_the_same_twice_is_one_event_and_other_words_are_not_lost(later_cast: Cast) -> None:
    assert note(later_cast) == note(later_cast)
    with pytest.raises(Conflict, match="noted already"):
        note(later_cast, words="Off the bicycle.")
    for kind in set(EVENTS) - {"fall"}:
        note(later_cast, kind)
    assert {one.words for one in view(later_cast).events} == set(EVENTS.values())


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"on": DAY + timedelta(days=6)}, "happened_on"),
        ({"on": DAY - timedelta(days=1)}, "happened_on"),
        ({"words": "x" * 201}, "note"),
    ],
)
def test_what_cant_be_is_refused(later_cast: Cast, more: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        note(later_cast, **more)  # type: ignore[arg-type]  # some of the fields
    assert [one.field for one in refusal.value.errors] == [field]
    assert view(later_cast).events == ()


def test_nobody_but_her_trainer_notes_or_takes_back_and_an_archived_profile_takes_nothing(later_cast: Cast) -> None:
    event = note(later_cast)
    before = contents(later_cast)
    for who, refusal in (("tom", NotFound), ("bea", NotFound), ("ada", NotAllowed), ("cleo", NotAllowed)):
        with pytest.raises(refusal):
            note(later_cast, "illness", who=who)
        with pytest.raises(refusal):
            take_back(later_cast, event, who)
    with later_cast.work("tess") as store, pytest.raises(NotFound):
        clients.take_back_event(store, later_cast.cara.client_id or 0, event, later_cast.clock())
    assert contents(later_cast) == before
    with later_cast.work("tess") as store:
        clients.archive_client(store, later_cast.cleo.client_id or 0, later_cast.clock())
    with pytest.raises(Conflict):
        note(later_cast, "illness")
    with pytest.raises(Conflict):
        take_back(later_cast, event)
