"""Pages for practice: the client's day, the same day for her trainer, pain, and a week to print."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Final, cast
from urllib.parse import urlencode
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Response
from markupsafe import Markup
from pydantic import BaseModel, Field

from app.errors import Conflict, FieldError, Invalid, NotAllowed
from app.rules import documents as rules
from app.rules import pain as pain_rules
from app.rules.battery import number
from app.rules.documents import MORNING, Effort, Item
from app.rules.doses import days_in_words, dose_in_words
from app.rules.pain import FEEL_WORDS, PainAction
from app.rules.progress import STAGE_LABELS, Progress
from app.rules.readiness import ADVICE
from app.rules.today import DueItem, SetMark, Today, latest
from app.rules.vocabulary import Feel, Side, SkipReason, Stage, StageState, Status
from app.rules.week import WeekItem
from app.rules.week import week as week_of
from app.services import practice
from app.services.history import Halt
from app.services.practice import Added, Day, Tick
from app.store.practice import Entry
from app.web.deps import Config, Now, Work, reading
from app.web.deps import Today as StudioDay
from app.web.figures import FigurePlace, place_of
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, Shell
from app.web.schemas import Day as DayField
from app.web.schemas import Decimal, Key, ShortText

router = APIRouter(include_in_schema=False)

STOP_RULE = ADVICE[Status.PLAN_READY].say[-1]
EMERGENCY = ADVICE[Status.EMERGENCY].say[0]
TICKS = UUID("0a2ce0a4-7f0a-4f2e-9f0c-6f2f4b1d9a10")
"""The space of the ids of ticks that come from plain forms."""


PAINS: Final = tuple((str(pain), str(pain)) for pain in range(11))
FEELS: Final = tuple((feel.value, words) for feel, words in FEEL_WORDS.items())
EFFORTS: Final = (("too_easy", "too easy"), ("ok", "just right"), ("too_hard", "too hard"))
SKIPS: Final = (
    (SkipReason.NO_TIME.value, "no time"),
    (SkipReason.NO_EQUIPMENT.value, "no equipment"),
    (SkipReason.UNWELL.value, "unwell"),
    (SkipReason.PAIN.value, "it hurts"),
    (SkipReason.OTHER.value, "something else"),
)
STOPS_FROM: Final = min(rule.least for rule in pain_rules.RULES if rule.action is PainAction.STOP and rule.least)
"""The least pain that stops everything."""
RESTS_FROM: Final = min(rule.least for rule in pain_rules.RULES if rule.action is PainAction.HOLD)
"""The least pain with which an exercise rests for the day."""

SHORT_CUE = 48
ROOMY = 15
"""Exercises that fit on a page without being set closely."""


# --- what never changes about a row -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetButton:
    """One set of one side: its words, what its button sends, and whether it is ticked."""

    label: str
    value: str
    done: bool


@dataclass(slots=True)
class Fixed:
    """All of an exercise's row that stays the same as long as its plan does; `explanation` is rendered once, by its template."""

    id: str
    name: str
    how_much: str
    buttons: tuple[tuple[tuple[SetButton, SetButton], ...], ...]
    """For each side and set the button while it is open, and the one when it is ticked."""
    why: tuple[str, ...]
    doses: tuple[str, ...]
    days: str
    rest: str
    cues: tuple[str, ...]
    faults: tuple[str, ...]
    equipment: tuple[str, ...]
    picture: FigurePlace | None
    """Of the side that goes first."""
    explanation: Markup | None = None

    def explained(self, render: Callable[["Fixed"], Markup]) -> Markup:
        if self.explanation is None:
            self.explanation = render(self)
        return self.explanation


def fixed(items: Sequence[Item]) -> Fixed:
    """What stays the same about an exercise on its sides, the one that goes first in front."""
    first = items[0]
    doses = {item.side: dose_in_words(item.dose) for item in items}
    return Fixed(
        id=row_id(first.key),
        name=first.name if len(items) > 1 or first.side is Side.BOTH else f"{first.name}, {first.side}",
        how_much=_how_much(items),
        buttons=tuple(tuple(_buttons(item, number) for number in range(1, item.dose.sets + 1)) for item in items),
        why=tuple(dict.fromkeys(item.reasons[0].because for item in items if item.reasons)),
        doses=(doses[first.side],) if len(set(doses.values())) == 1 else tuple(f"{side}: {words}" for side, words in doses.items()),
        days=days_in_words(first.dose),
        rest=f"{first.dose.rest_s} s rest between sets" if first.dose.rest_s and first.dose.sets > 1 else "",
        cues=tuple(dict.fromkeys(cue for item in items for cue in (*item.cues, *item.how))),
        faults=tuple(dict.fromkeys(fault for item in items for fault in item.faults)),
        equipment=tuple(dict.fromkeys(thing.replace("_", " ") for item in items for thing in item.equipment)),
        picture=place_of(first.exercise, first.side, first.picture, first.exercise_version),
    )


def row_id(key: str) -> str:
    """The anchor of the row in which an item stands."""
    stage, _, rest = key.partition("/")
    return f"{stage}-{rest.partition('/')[0]}"


def _buttons(item: Item, number: int) -> tuple[SetButton, SetButton]:
    label = f"Set {number}" if item.side is Side.BOTH else f"{item.side.capitalize()} {number}"
    return SetButton(label, f"{item.key} {number} 1", done=False), SetButton(label, f"{item.key} {number} 0", done=True)


def _how_much(items: Sequence[Item]) -> str:
    """Sets and repetitions or seconds alone; the rest stands where the exercise is explained."""
    doses = [dose_in_words(replace(item.dose, tempo=None, load=None, height_cm=None)) for item in items]
    if len(items) == 1:
        return doses[0]
    if len(set(doses)) == 1:
        return f"{doses[0]} · {', then '.join(item.side for item in items)}"
    return " · ".join(f"{item.side} {dose}" for item, dose in zip(items, doses, strict=True))


How = Callable[[tuple[Item, ...]], Fixed]
_MOST_KEPT = 256


@dataclass(slots=True)
class _Made:
    """The rows of one plan that were made so far.

    A plan's own items are told apart by which they are: an exercise may be due by itself and, for another reason, in the place of one that
    hurts. Of those that a day changes everything counts that may differ between two items of one key.
    """

    plan: rules.Plan
    own: frozenset[int]
    of_own: dict[tuple[int, ...], Fixed] = field(default_factory=dict)
    of_changed: dict[tuple[object, ...], Fixed] = field(default_factory=dict)

    def how(self, items: tuple[Item, ...]) -> Fixed:
        which = tuple([id(item) for item in items])
        if which in self.of_own:
            return self.of_own[which]
        if self.own.issuperset(which):
            self.of_own[which] = fixed(items)
            return self.of_own[which]
        kind = tuple([(item.key, item.dose, item.cues, item.reasons[:1]) for item in items])
        if kind not in self.of_changed:
            self.of_changed[kind] = fixed(items)
        return self.of_changed[kind]


_kept: dict[tuple[int, int], _Made] = {}
"""By studio and plan; good as long as the plan is the very one that the rows were made from."""


def how_of(studio_id: int, plan_id: int, plan: rules.Plan) -> How:
    """Makes what is fixed about each exercise of a studio's plan once."""
    kept = _kept.get((studio_id, plan_id))
    if kept is None or kept.plan is not plan:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        kept = _kept[studio_id, plan_id] = _Made(
            plan, frozenset(id(one) for stage in plan.stages for it in stage.items for one in _within(it))
        )
    return kept.how


def _within(item: Item) -> Iterator[Item]:
    """An item, what takes its place later, and what is due when one of them hurts."""
    yield item
    for one in (item.later, item.easier):
        if one is not None:
            yield from _within(one)


# --- rows -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One exercise of the day: both its sides, the one that goes first in front."""

    fixed: Fixed
    sides: tuple[tuple[SetButton, ...], ...]
    value: str | None
    """What a tap on the row sends: the next open set; None when all are ticked."""
    done: int
    of: int
    is_next: bool
    """The first that is open and did not hurt."""
    notes: tuple[str, ...]
    """Who else entered a tick, what hurt, what was skipped, and what it stands for."""
    ask: str | None
    """What follows the addresses at which is told how it went, and what hurts."""
    load: str | None = None
    """The load in kilograms, of an exercise with one; blank while none is confirmed."""
    load_name: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One stage's rows."""

    label: str
    note: str
    easier: str
    """What an easier week is for, and until when it lasts."""
    rows: tuple[Row, ...]


_SECTION_NOTES: Final[Mapping[StageState, str]] = {
    StageState.OPTIONAL: "if you like: it does not count yet",
    StageState.PASSED: "passed: this keeps it",
}


def sections(
    due: Today, entries: Sequence[Entry], how: How, asks: str | None = None, progress: Progress | None = None
) -> tuple[Section, ...]:
    """The day's rows; `entries` are the day's, and `progress` says where she stands on it.

    `asks` is what follows an item's key in the addresses where she tells of it.
    """
    notes, hurting = _notes(entries)
    waiting = {} if progress is None else _first_loads(due, progress)
    has_next = False
    found: list[Section] = []
    for stage in due.stages:
        grouped: dict[str, list[DueItem]] = {}
        for one in stage.items:
            grouped.setdefault(one.item.exercise, []).append(one)
        rows: list[Row] = []
        for items in grouped.values():
            first = items[0]
            shape = how(tuple([one.item for one in items]))
            sides = tuple(
                [
                    tuple([_button(pair[mark.done], mark) for pair, mark in zip(pairs, one.sets, strict=True)])
                    for pairs, one in zip(shape.buttons, items, strict=True)
                ]
            )
            value = next((button.value for side in sides for button in side if not button.done), None)
            is_next = value is not None and not has_next and hurting.isdisjoint([one.item.key for one in items])
            has_next = has_next or is_next
            said = [note for one in items for note in notes.get(one.item.key, ())]
            if first.item.key in waiting:
                said.insert(0, waiting[first.item.key])
            if first.stands_for is not None:
                said.insert(0, f"instead of {first.stands_for.name}, which rests")
            rows.append(
                Row(
                    fixed=shape,
                    sides=sides,
                    value=value,
                    done=sum([one.done for one in items]),
                    of=sum([one.of for one in items]),
                    is_next=is_next,
                    notes=tuple(dict.fromkeys(said)),
                    ask=None if asks is None else f"?item={first.item.key}{asks}",
                    load=_load(items) if first.item.loaded else None,
                    load_name=f"kg.{first.item.exercise}",
                )
            )
        easier = progress.easier_week_of(stage.stage) if progress is not None else None
        until = "" if easier is None else f"{easier.says} Until {_long(easier.until)}."
        note = "if you like" if stage.stage is Stage.SINGLE_LEG else _SECTION_NOTES.get(stage.state, "")
        found.append(Section(STAGE_LABELS[stage.stage], note, until, tuple(rows)))
    return tuple(found)


def _first_loads(due: Today, progress: Progress) -> Mapping[str, str]:
    """What stands beside the last item of a stage whose next exercise waits for its first load, by the item's key."""
    return {
        stage.items[-1].item.key: f"next: {rung.name}, once your trainer has confirmed the first load"
        for stage in due.stages
        for rung in progress.of(stage.stage).rungs
        if rung.is_open and rung.waits
    }


def _button(button: SetButton, mark: SetMark) -> SetButton:
    """A set's button; how hard the set was goes with it, so that a tick does not take that back. A report of pain stays by itself."""
    return button if mark.effort is None else SetButton(button.label, f"{button.value} {mark.effort}", button.done)


def _load(items: Sequence[DueItem]) -> str:
    """The load that the last ticked set had, else the one that is confirmed."""
    used = [mark.load_kg for one in items for mark in one.sets if mark.done and mark.load_kg is not None]
    load = used[-1] if used else items[0].load_kg
    return "" if load is None else number(load)


def _notes(entries: Sequence[Entry]) -> tuple[Mapping[str, list[str]], set[str]]:
    """By item what there is to say of it; and the items that hurt too much to go on with."""
    if not entries:
        return {}, set()
    by_id = {entry.event.id: entry.entered_by for entry in entries if entry.entered_by is not None}
    names: dict[str, set[str]] = {}
    pains: dict[str, int] = {}
    notes: dict[str, list[str]] = {}
    for event in latest(entry.event for entry in entries).values():
        told = event.done or event.pain is not None or event.skipped is not None
        if told and event.id in by_id:
            names.setdefault(event.item, set()).add(by_id[event.id])
        if event.pain is not None:
            pains[event.item] = max(event.pain, pains.get(event.item, 0))
        if event.skipped is not None:
            notes.setdefault(event.item, []).append(f"skipped: {_SKIPPED[event.skipped]}")
    for item, found in names.items():
        notes.setdefault(item, []).append(f"entered by {' and '.join(sorted(found))}")
    for item, worst in pains.items():
        notes.setdefault(item, []).append(f"hurt {worst} of 10: {what_follows(worst)}" if worst else "no pain")
    return notes, {item for item, worst in pains.items() if worst >= RESTS_FROM}


_SKIPPED: Final = dict(SKIPS)


def what_follows(pain: int) -> str:
    """What a pain of so many points of 10 leads to. Days are shown while she practises: one that stopped everything has been answered."""
    if pain >= STOPS_FROM:
        return "a professional has answered since. Start gently, and stop if it comes back"
    rule = next((it for it in pain_rules.RULES if it.in_a_row == 1 and it.action in _AT_ONCE and it.least <= pain <= it.most), None)
    return "" if rule is None else rule.says[0].lower() + rule.says[1:].rstrip(".")


_AT_ONCE: Final = (PainAction.LOG, PainAction.HOLD, PainAction.STOP)


# --- the client's day -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class ReportForm:
    """What is asked about one exercise; the form in the page that needs no connection is rendered once."""

    pains: tuple[tuple[str, str], ...] = PAINS
    feels: tuple[tuple[str, str], ...] = (("", "none of these"), *FEELS)
    efforts: tuple[tuple[str, str], ...] = EFFORTS
    skips: tuple[tuple[str, str], ...] = SKIPS
    stops_from: int = STOPS_FROM
    what_stops: tuple[str, ...] = ()
    form: Form = field(default_factory=Form)
    markup: Markup | None = None

    def once(self, render: Callable[["ReportForm"], Markup]) -> Markup:
        if self.markup is None:
            self.markup = render(self)
        return self.markup


WHAT_STOPS: Final = (
    "All your exercises lock, here and on every device, until a health professional has answered.",
    "Your trainer sees it at once and has a letter for you to take along.",
    "Only then does your plan go on. What you did so far is kept.",
)
"""What a report does that stops everything, before it is sent."""
_REPORT: Final = ReportForm(what_stops=WHAT_STOPS)


@dataclass(frozen=True, slots=True)
class Morning:
    """The question about the morning after a session."""

    session: str
    title: str


@dataclass(frozen=True, kw_only=True)
class MyToday(Page):
    template: ClassVar[str] = "practice/today.html"
    report: ReportForm
    is_today: bool
    earlier: str | None
    later: str | None
    """The days next to this one that can be filled in."""
    morning: Morning | None
    greeting: str
    lede: str
    problem: str | None
    """Why the last tick did not count."""
    news: str | None
    """What is new about the plan, until the first tick of it."""
    resting: tuple[str, ...]
    """What hurt too much to go on with."""
    all_done: bool
    whose: str
    on: str
    seen: int
    """How many events of the day this page knows: it tells one page from the next."""
    done: int
    of: int
    sections: tuple[Section, ...]
    stop_rule: str


@dataclass(frozen=True, kw_only=True)
class MyCalm(Page):
    """Nothing to tick, why, and the one next step."""

    template: ClassVar[str] = "practice/calm.html"
    title: str
    kind: str
    sentences: tuple[str, ...]
    next_label: str
    next_href: str | None
    """None for signing out."""


def my_today_page(
    shell: Shell,
    day: Day,
    *,
    how: How,
    greeting: str,
    morning: date | None = None,
    news: str | None = None,
    problem: str | None = None,
) -> MyToday | None:
    """The client's day; None when nothing at all is due."""
    due = day.due
    if due is None or due.nothing_due:
        return None
    on, is_today = day.on, day.on == day.today
    all_done = due.all_done
    return MyToday(
        shell=shell,
        report=_REPORT,
        is_today=is_today,
        earlier=(on - _ONE_DAY).isoformat() if on > day.first else None,
        later=None if is_today else (on + _ONE_DAY).isoformat(),
        morning=_morning(morning, on) if morning is not None else None,
        greeting=greeting if is_today else _long(on),
        lede=_lede(due, all_done=all_done) if is_today else "An earlier day: what you tick here counts for it.",
        problem=problem,
        news=news,
        resting=_resting(day) if day.entries else (),
        all_done=all_done,
        whose=str(day.client.user_id),
        on=on.isoformat(),
        seen=len(day.entries),
        done=due.done,
        of=due.of,
        sections=sections(due, day.entries, how, "" if is_today else f"&on={on}", day.progress),
        stop_rule=STOP_RULE,
    )


def _resting(day: Day) -> tuple[str, ...]:
    """What rests that day because it hurt, in words."""
    hurt = {event.item: event.pain for event in latest(entry.event for entry in day.entries).values() if (event.pain or 0) >= RESTS_FROM}
    if not hurt or day.plan is None:
        return ()
    items = {item.key: item for stage in day.plan.stages for item in stage.items}
    return tuple(f"{_item_name(items[key])} hurt {pain} of 10: {what_follows(pain or 0)}." for key, pain in hurt.items() if key in items)


_ONE_DAY: Final = timedelta(days=1)


def _morning(session: date, on: date) -> Morning:
    when = "yesterday" if session == on - _ONE_DAY else f"{session:%A}"
    return Morning(session.isoformat(), f"The morning after {when}: does anything hurt?")


def _lede(due: Today, *, all_done: bool) -> str:
    if all_done:
        return "All done for today. Well kept."
    items = due.asked
    did, planned = max([one.days_this_week for one in items]), max([one.of_days for one in items])
    days = "1 day" if did == 1 else f"{did} days"
    if due.week_done:
        return "This week’s planned days are done. More is welcome."
    if did >= planned:
        return f"This week so far: {days}."
    if not did:
        return f"Planned this week: at least {planned} days, whichever suit you."
    return f"This week so far: {days} of at least {planned}."


def greeting(name: str, at: datetime) -> str:
    """A greeting for a time of day; a name that is a code is left out."""
    words = "Good morning" if at.hour < 12 else "Good afternoon" if at.hour < 18 else "Good evening"
    first = name.split()[0]
    return words if any(letter.isdigit() for letter in name) else f"{words}, {first}"


def _calm(view: Screenful, halt: Halt | None, stop: Status | None) -> MyCalm:
    def page(title: str, *sentences: str, step: str, to: str | None = "my_today", kind: str = "info") -> MyCalm:
        href = view.url(to) if to else None
        # In an emergency nothing stands before what to do.
        shell = replace(view.shell, flash=None) if kind == "emergency" else view.shell
        return MyCalm(shell=shell, title=title, kind=kind, sentences=sentences, next_label=step, next_href=href)

    match halt:
        case Halt.STOPPED if stop is Status.EMERGENCY:
            advice = ADVICE[Status.EMERGENCY]
            return page(advice.heading, *advice.say, step="See my plan", to="my_plan", kind="emergency")
        case Halt.STOPPED:
            advice = ADVICE[stop or Status.REFER]
            say = advice.say[1:] if stop is Status.NEEDS_CLEARANCE else advice.say
            note = "Your trainer has a note for you to take along. Your exercises wait here until the answer is in."
            return page(advice.heading, *say, note, step="See why, and whom to see", to="my_plan", kind="stop")
        case Halt.ARCHIVED:
            kept = "What you did is kept. If you want to go on, talk to your studio: your trainer can bring everything back."
            return page("Your practice here has ended", kept, step="Sign out on this phone", to=None)
        case Halt.UNSCREENED:
            first = "First your trainer looks at how you move. Your exercises stand here as soon as that is done."
            return page("Your plan is not made yet", first, step="Look again")
        case Halt.CLEARED:
            then = "A professional has answered. Next your trainer goes through the screen with you, and your plan follows from it."
            return page("The answer is in", then, step="Look again")
        case None:
            shown = "No exercise of your plan is open right now. Your plan shows what comes next, and what it waits for."
            return page("Nothing is due today", shown, step="See my plan", to="my_plan")


def _my_day(work: Work, view: Screenful, day: Day, at: datetime, problem: str | None = None) -> Page:
    if day.row is None or day.plan is None:
        return _calm(view, day.halt, day.stop)
    is_today = day.on == day.today
    page = my_today_page(
        view.shell,
        day,
        how=how_of(day.client.studio_id, day.row.id, day.plan),
        greeting=greeting(day.client.name, work.actor.local(at)),
        morning=day.untold if is_today else None,
        news=_news(day) if is_today else None,
        problem=problem,
    )
    return page or _calm(view, None, None)


def _news(day: Day) -> str | None:
    if day.row is None or not day.is_fresh:
        return None
    if day.after_clearance:
        return "A professional has answered, and this is the plan within the limits that were given. Start gently."
    return "This is your new plan. Start with the first exercise; each one says why it is there." if day.row.number > 1 else None


@router.get("/my/today")
async def my_today(work: Work, view: Screenful, at: Now, today: StudioDay, around: Config, on: DayField | None = None) -> Response:
    return await reading(around, _my_today, work, view, at, today, on)


def _my_today(work: Work, view: Screenful, at: datetime, today: date, on: date | None) -> Response:
    return view.show(_my_day(work, view, practice.my_day(work, today, on), at))


class TickForm(BaseModel):
    """`tick` is an item's key, a set and 1 to tick it or 0 to take it back, then perhaps the effort that was told of it.

    A page that sends by itself adds `id` and `at`. `whose` says for whom it was made: nothing is noted for anybody else.

    A field named `kg.` and an exercise's slug holds the load of that exercise. `earlier` marks the page of an earlier day.
    """

    tick: ShortText
    on: DayField
    seen: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    id: UUID | None = None
    at: datetime | None = None
    earlier: ShortText = ""


def _made_for(form: Form, user_id: int) -> None:
    """Raise NotAllowed where a page was made for somebody else, who was signed in here before."""
    whose = form.value("whose")
    if whose and whose != str(user_id):
        raise NotAllowed("This page was opened by somebody else, so nothing of it was noted. Open it anew.")


def _moment(sent: datetime | None, at: datetime) -> datetime:
    """When it was done by the phone's own clock, where that is told."""
    return sent if sent is not None and sent.tzinfo is not None else at


_TICK: Final = re.compile(r"(\S+) ([0-9]{1,3}) ([01])(?: (too_easy|ok|too_hard))?")


def _tick(form: Form, user_id: int, client_id: int, at: datetime) -> Tick:
    """The one tick of a form. The same form sent twice gives the same id, and so one tick."""
    _made_for(form, user_id)
    typed = form.read(TickForm)
    found = _TICK.fullmatch(typed.tick)
    if found is None:
        raise Invalid(FieldError("tick", "Choose a set."))
    key, count, done, effort = found.groups()
    made = uuid5(TICKS, f"{user_id} {client_id} {typed.on} {typed.seen} {typed.tick}")
    load = form.number(f"kg.{key.split('/')[1]}", least=0) if done == "1" and key.count("/") == 2 else None
    return Tick(
        id=str(typed.id or made),
        item=key,
        set=int(count),
        performed_on=typed.on,
        at=_moment(typed.at, at),
        done=done == "1",
        effort=cast(Effort | None, effort),
        load_kg=load,
    )


def _reason(added: Added) -> str | None:
    return " ".join((added.refused[0].reason, *(one.text for one in added.refused[0].missing))) if added.refused else None


@router.post("/my/ticks")
def my_ticks(work: Work, view: Screenful, form: Typed, at: Now, today: StudioDay) -> Response:
    client_id = work.actor.client_id or 0
    try:
        tick = _tick(form, work.actor.user_id, client_id, at)
    except Invalid as refusal:
        problem = " ".join(error.message for error in refusal.errors)
        return view.again(_my_day(work, view, _day_of(work, form, today), at, problem), 422)
    reason = _reason(practice.add_ticks(work, client_id, [tick], at, today))
    if reason is not None:
        return view.again(_my_day(work, view, _day_of(work, form, today), at, reason), 409)
    return _back_to(view, form, tick.performed_on, today, row_id(tick.item), late="ticked-earlier")


def _day_of(work: Work, form: Form, today: date) -> Day:
    """The earlier day that the form stood on, as long as it can be filled in; else today."""
    if form.value("earlier"):
        with suppress(ValueError, Invalid):
            return practice.my_day(work, today, date.fromisoformat(form.value("on")))
    return practice.my_day(work, today)


def _back_to(
    view: Screenful, form: Form, on: date, today: date, anchor: str, *, said: str | None = None, late: str | None = None
) -> Response:
    """To the day that the form stood on; a page that was left open over midnight leads to the new day."""
    if on == today:
        return view.to("my_today", said=said, anchor=anchor)
    if form.value("earlier"):
        return view.to("my_today", said=said, anchor=anchor, query={"on": on.isoformat()})
    return view.to("my_today", said=late or said, anchor=anchor)


# --- how it went ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ReportPage(Page):
    """How one exercise went, or why it is left out today."""

    template: ClassVar[str] = "practice/report.html"
    report: ReportForm
    form: Form
    name: str
    whose: str
    on: str
    seen: int
    earlier: bool
    choices: tuple[tuple[str, str], ...]
    """The sides of the exercise, by key."""
    loaded: bool
    hurts_href: str
    back_href: str


@dataclass(frozen=True, kw_only=True)
class HurtsPage(Page):
    template: ClassVar[str] = "practice/hurts.html"
    report: ReportForm
    form: Form
    whose: str
    on: str
    seen: int
    earlier: bool
    choices: tuple[tuple[str, str], ...]
    """The day's exercises and sides, by key."""
    stop_rule: str
    emergency: str


@dataclass(frozen=True, kw_only=True)
class SurePage(Page):
    """What a report will do that stops everything; nothing is noted yet."""

    template: ClassVar[str] = "practice/sure.html"
    exercise: str
    told: str
    what_stops: tuple[str, ...]
    emergency: str
    action: str
    fields: tuple[tuple[str, str], ...]
    back_href: str


class ReportFields(BaseModel):
    """`sure` says that she has read what a report will stop. A page that sends by itself adds `id` and `at`."""

    item: ShortText
    on: DayField
    seen: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    pain: Annotated[int, Field(ge=0, le=10)] | None = None
    feel: Feel | None = None
    effort: Effort | None = None
    load_kg: Annotated[Decimal, Field(ge=0, le=1000)] | None = None
    skipped: SkipReason | None = None
    sure: ShortText = ""
    id: UUID | None = None
    at: datetime | None = None

    def check(self) -> None:
        if self.pain is None and self.feel is not None:
            raise Invalid(FieldError("pain", "How much did it hurt, 0 to 10?"))
        if self.skipped is not None and (self.pain is not None or self.effort is not None):
            raise Invalid(FieldError("skipped", "Either it was skipped, or say how it went."))
        if self.pain is None and self.effort is None and self.load_kg is None and self.skipped is None:
            raise Invalid(FieldError("pain", "Choose at least one thing, or go back."))

    @property
    def stops(self) -> bool:
        return would_stop(self.pain, self.feel)


def would_stop(pain: int | None, feel: Feel | None) -> bool:
    """Whether a report stops everything."""
    return feel is not None or (pain is not None and pain >= STOPS_FROM)


def _choices(due: Today) -> tuple[tuple[str, str], ...]:
    items = [one.stands_for or one.item for one in due.items] + [one.item for one in due.items if one.stands_for is not None]
    return tuple((item.key, _item_name(item)) for item in {item.key: item for item in items}.values())


def _item_name(item: Item) -> str:
    return item.name if item.side is Side.BOTH else f"{item.name}, {item.side}"


def _hurts_page(view: Screenful, day: Day, due: Today, form: Form) -> HurtsPage:
    return HurtsPage(
        shell=view.shell,
        report=_REPORT,
        form=form,
        whose=str(day.client.user_id),
        on=day.on.isoformat(),
        seen=len(day.entries),
        earlier=day.on != day.today,
        choices=_choices(due),
        stop_rule=STOP_RULE,
        emergency=EMERGENCY,
    )


def _report_page(view: Screenful, day: Day, due: Today, form: Form) -> Page:
    """The form for one exercise; for something that is not due any more, the one that asks which."""
    here = next((one for one in due.items if one.item.key == form.value("item")), None)
    if here is None:
        return _hurts_page(view, day, due, form)
    sides = [one for one in due.items if one.item.exercise == here.item.exercise]
    more = "" if day.on == day.today else f"&on={day.on}"
    back = view.url("my_today") + ("" if day.on == day.today else f"?on={day.on}")
    return ReportPage(
        shell=view.shell,
        report=_REPORT,
        form=form,
        name=here.item.name,
        whose=str(day.client.user_id),
        on=day.on.isoformat(),
        seen=len(day.entries),
        earlier=day.on != day.today,
        choices=tuple((one.item.key, one.item.side.capitalize()) for one in sides) if len(sides) > 1 else (),
        loaded=here.item.loaded,
        hurts_href=f"{view.url('hurts')}?item={here.item.key}{more}",
        back_href=f"{back}#{row_id(here.item.key)}",
    )


def _sure_page(view: Screenful, told: str, exercise: str, form: Form, action: str, back: str) -> SurePage:
    return SurePage(
        shell=view.shell,
        exercise=exercise,
        told=told,
        what_stops=WHAT_STOPS,
        emergency=EMERGENCY,
        action=view.url(action),
        fields=tuple((name, values[-1]) for name, values in form.fields.items() if name != "sure"),
        back_href=back,
    )


def _sure_of(view: Screenful, typed: ReportFields, form: Form, due: Today, action: str) -> SurePage:
    words = "" if typed.feel is None else f", {FEEL_WORDS[typed.feel]}"
    said = {name: values[-1] for name, values in form.fields.items() if name in ("item", "pain", "feel", "effort", "load_kg")}
    said |= {"on": typed.on.isoformat()} if form.value("earlier") else {}
    back = f"{view.url('report' if action == 'report_post' else 'hurts')}?{urlencode(said)}"
    return _sure_page(view, f"Pain {typed.pain} of 10{words}", dict(_choices(due)).get(typed.item, ""), form, action, back)


Said = Annotated[str, Query(max_length=200)]


@router.get("/my/hurts")
def hurts(
    work: Work, view: Screenful, today: StudioDay, item: Said = "", pain: Said = "", feel: Said = "", on: DayField | None = None
) -> Response:
    day = practice.my_day(work, today, on)
    due = day.due
    if due is None:
        return view.show(_calm(view, day.halt, day.stop))
    return view.show(_hurts_page(view, day, due, Form.of(item=item, pain=pain, feel=feel)))


@router.get("/my/report")
def report(
    work: Work,
    view: Screenful,
    today: StudioDay,
    item: Said = "",
    pain: Said = "",
    feel: Said = "",
    effort: Said = "",
    load_kg: Said = "",
    on: DayField | None = None,
) -> Response:
    day = practice.my_day(work, today, on)
    due = day.due
    if due is None:
        return view.show(_calm(view, day.halt, day.stop))
    here = next((one for one in due.items if one.item.key == item), None)
    load = load_kg or (_load([here]) if here is not None and here.item.loaded else "")
    return view.show(_report_page(view, day, due, Form.of(item=item, pain=pain, feel=feel, effort=effort, load_kg=load)))


@router.post("/my/hurts")
def hurts_post(work: Work, view: Screenful, form: Typed, at: Now, today: StudioDay) -> Response:
    return _reported(work, view, form, at, today, _hurts_page, "hurts_post")


@router.post("/my/report")
def report_post(work: Work, view: Screenful, form: Typed, at: Now, today: StudioDay) -> Response:
    return _reported(work, view, form, at, today, _report_page, "report_post")


def _reported(
    work: Work,
    view: Screenful,
    form: Form,
    at: datetime,
    today: date,
    again: Callable[[Screenful, Day, Today, Form], Page],
    action: str,
) -> Response:
    """How one exercise went; what stops everything is asked once more, in words."""
    _made_for(form, work.actor.user_id)
    on = form.read(DayOfForm).on
    day = practice.my_day(work, today, on)
    due = day.due
    if due is None:
        return view.again(_calm(view, day.halt, day.stop), 409)
    try:
        typed = form.read(ReportFields)
        typed.check()
        if typed.stops and typed.sure != "yes":
            return view.show(_sure_of(view, typed, form, due, action))
        added = _write(work, day, typed, at, today)
    except Invalid as refusal:
        return view.again(again(view, day, due, form.refused(refusal)))
    except Conflict as refusal:
        reason = " ".join((str(refusal), *(one.text for one in refusal.missing)))
        return view.again(_my_day(work, view, day, at, reason), 409)
    if added.stopped:
        return view.to("my_today", said="pain-stopped")
    said = "skip-noted" if typed.skipped else "pain-noted" if (typed.pain or 0) >= RESTS_FROM else "report-noted"
    return _back_to(view, form, on, today, row_id(typed.item), said=said)


class DayOfForm(BaseModel):
    on: DayField


def _write(work: Work, day: Day, typed: ReportFields, at: datetime, today: date) -> Added:
    """Note what was told with the last set that is done, or the first; that ticks nothing. Conflict where it does not count."""
    told = (typed.on, typed.seen, typed.item, typed.pain, typed.feel, typed.effort, typed.load_kg, typed.skipped)
    made = typed.id or uuid5(TICKS, f"report {work.actor.user_id} {' '.join(map(str, told))}")
    if typed.skipped is not None:
        ids = (str(uuid5(made, str(count))) for count in range(1, practice.MOST_TICKS))
        return practice.skip_item(
            work, day.client.id, typed.item, typed.skipped, typed.on, ids.__next__, at, today, told_at=_moment(typed.at, at)
        )
    held = latest(entry.event for entry in day.entries if entry.event.item == typed.item)
    done = max((event.set for event in held.values() if event.done), default=0)
    was = held.get((typed.on, typed.item, done or 1))
    tick = Tick(
        id=str(made),
        item=typed.item,
        set=done or 1,
        performed_on=typed.on,
        at=_moment(typed.at, at),
        done=bool(done),
        pain=typed.pain,
        effort=typed.effort,
        load_kg=typed.load_kg if typed.load_kg is not None else was.load_kg if was is not None else None,
        feel=typed.feel,
    )
    return practice.enter(work, day.client.id, [tick], at, today)


class MorningFields(BaseModel):
    session: DayField
    pain: Annotated[int, Field(ge=0, le=10)]
    sure: ShortText = ""
    id: UUID | None = None
    at: datetime | None = None


@router.post("/my/morning")
def my_morning(work: Work, view: Screenful, form: Typed, at: Now, today: StudioDay) -> Response:
    """How the morning after a session was; what stops everything is asked once more, in words."""
    _made_for(form, work.actor.user_id)
    typed = form.read(MorningFields)
    if would_stop(typed.pain, None) and typed.sure != "yes":
        told = f"Pain {typed.pain} of 10 the morning after"
        return view.show(_sure_page(view, told, "", form, "my_morning", view.url("my_today")))
    client_id = work.actor.client_id or 0
    made = typed.id or uuid5(TICKS, f"{MORNING} {work.actor.user_id} {typed.session} {typed.pain}")
    told_at = _moment(typed.at, at)
    added = practice.report_morning(work, client_id, typed.session, typed.pain, str(made), at, today, told_at=told_at)
    reason = _reason(added)
    if reason is not None:
        return view.again(_my_day(work, view, practice.my_day(work, today), at, reason), 409)
    return view.to("my_today", said="pain-stopped" if added.stopped else "morning-noted")


# --- the same day, for her trainer ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PracticePage(Page):
    template: ClassVar[str] = "practice/practice.html"
    client_id: int
    name: str
    on: str
    day: str
    earliest: str
    latest: str
    earlier: str | None
    later: str | None
    """The days next to this one that can be shown."""
    problem: str | None
    whose: str
    resting: tuple[str, ...]
    seen: int
    done: int
    of: int
    sections: tuple[Section, ...]


def _long(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def no_day(day: Day) -> Conflict:
    """Why a trainer can't open a day."""
    return Conflict(
        {
            Halt.ARCHIVED: f"{day.client.name}'s profile is archived. Bring it back first.",
            Halt.STOPPED: f"{day.client.name}'s practice has stopped until a professional has answered.",
        }.get(day.halt or Halt.UNSCREENED, f"There is no plan for {day.client.name} yet. Screen her first.")
    )


def _practice_page(work: Work, view: Screenful, day: Day, problem: str | None = None) -> PracticePage:
    due = day.due
    if due is None or day.row is None or day.plan is None:
        raise no_day(day)
    return PracticePage(
        shell=view.shell,
        client_id=day.client.id,
        name=day.client.name,
        on=day.on.isoformat(),
        day=_long(day.on),
        earliest=day.first.isoformat(),
        latest=day.today.isoformat(),
        earlier=(day.on - _ONE_DAY).isoformat() if day.on > day.first else None,
        later=(day.on + _ONE_DAY).isoformat() if day.on < day.today else None,
        problem=problem,
        resting=_resting(day),
        whose=str(work.actor.user_id),
        seen=len(day.entries),
        done=due.done,
        of=due.of,
        sections=sections(due, day.entries, how_of(day.client.studio_id, day.row.id, day.plan), progress=day.progress),
    )


@router.get("/clients/{client_id}/practice", name="practice")
def practice_page(work: Work, view: Screenful, client_id: Key, today: StudioDay, on: DayField | None = None) -> Response:
    return view.show(_practice_page(work, view, practice.day_of(work, client_id, on, today)))


@router.post("/clients/{client_id}/practice", name="practice_post")
def practice_post(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now, today: StudioDay) -> Response:
    """A trainer ticks for her client."""
    tick = _tick(form, work.actor.user_id, client_id, at)
    day = practice.day_of(work, client_id, tick.performed_on, today)
    reason = _reason(practice.add_ticks(work, client_id, [tick], at, today))
    if reason is not None:
        return view.again(_practice_page(work, view, day, reason), 409)
    return view.to("practice", client_id=client_id, query={"on": tick.performed_on.isoformat()}, anchor=row_id(tick.item))


# --- a week to print --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrintItem:
    """One exercise: its dose in words, one short cue, and a line of boxes for each side; `days` where they differ from the stage's."""

    name: str
    days: str
    dose: str
    cue: str
    lines: tuple[str, ...]
    picture: FigurePlace | None


@dataclass(frozen=True, slots=True)
class PrintStage:
    label: str
    days: str
    items: tuple[PrintItem, ...]


@dataclass(frozen=True, kw_only=True)
class PrintWeek(Page):
    template: ClassVar[str] = "practice/print.html"
    week: str
    client: str
    studio: str
    number: int
    stages: tuple[PrintStage, ...]
    dense: bool
    """There is so much that it only fits when set closely."""
    days: tuple[str, ...]
    stop_rules: tuple[str, ...]
    back_href: str
    earlier_href: str | None
    later_href: str


def week_in_words(monday: date) -> str:
    """ "23 to 29 November 2026", with months and years where they differ."""
    sunday = monday + timedelta(days=6)
    first = f"{monday.day}"
    if monday.month != sunday.month:
        first += f" {monday:%B}"
    if monday.year != sunday.year:
        first += f" {monday.year}"
    return f"{first} to {sunday.day} {sunday:%B %Y}"


def print_stages(plan: rules.Plan, made_on: date, monday: date, progress: Progress | None) -> tuple[PrintStage, ...]:
    """Everything that may come up in that week as she stands now, with left and right of an exercise in one row."""
    stages: list[PrintStage] = []
    for stage in week_of(plan, made_on, monday, progress):
        grouped: dict[str, list[WeekItem]] = {}
        for one in stage.items:
            grouped.setdefault(one.item.exercise, []).append(one)
        every = {days_in_words(one.item.dose) for one in stage.items}
        days = every.pop() if len(every) == 1 else ""
        label = STAGE_LABELS[stage.stage] + (", if you like" if stage.state is StageState.OPTIONAL else "")
        stages.append(PrintStage(label, days, tuple(_print_item(items, is_told=bool(days)) for items in grouped.values())))
    return tuple(stages)


def _print_item(items: Sequence[WeekItem], *, is_told: bool) -> PrintItem:
    first, after = items[0].item, items[0].changes_to
    doses = {one.item.side: dose_in_words(one.item.dose) for one in items}
    dose = next(iter(doses.values())) if len(set(doses.values())) == 1 else "; ".join(f"{side} {words}" for side, words in doses.items())
    cue = f"from {items[0].changes_on:%A} on {after.name}, {dose_in_words(after.dose)}" if after else _short_cue(first)
    days = ("" if is_told else days_in_words(first.dose), "" if first.every_session else "takes turns")
    sides = tuple(one.item.side.value for one in items)
    picture = place_of(first.exercise, first.side, first.picture, first.exercise_version)
    return PrintItem(first.name, ", ".join(part for part in days if part), dose, cue, sides, picture)


def _short_cue(item: Item) -> str:
    """The rules' own cue if there is one, else the first that is short, else the shortest."""
    cue = (
        next(iter(item.cues), None) or next((one for one in item.how if len(one) <= SHORT_CUE), None) or min(item.how, key=len, default="")
    )
    return cue.rstrip(".")


def _print_page(work: Work, view: Screenful, day: Day, week: date | None, route: str, back: str, **path: object) -> Page | None:
    if day.row is None or day.plan is None:
        return None
    on = week or day.today
    earliest = day.row.made_on - timedelta(days=day.row.made_on.weekday())
    latest_week = day.today + timedelta(weeks=52)
    if not earliest <= on <= latest_week:
        raise Invalid(FieldError("week", f"Choose a day from {earliest} to {latest_week}."))
    monday = on - timedelta(days=on.weekday())
    stages = print_stages(day.plan, day.row.made_on, monday, day.progress)
    address, one_week = view.url(route, **path), timedelta(weeks=1)
    return PrintWeek(
        shell=view.shell,
        week=week_in_words(monday),
        client=day.client.name,
        studio=work.actor.studio,
        number=day.row.number,
        stages=stages,
        dense=sum(len(stage.items) for stage in stages) > ROOMY,
        days=("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
        stop_rules=(STOP_RULE, EMERGENCY),
        back_href=back,
        earlier_href=f"{address}?week={monday - one_week}" if monday > earliest else None,
        later_href=f"{address}?week={monday + one_week}",
    )


@router.get("/clients/{client_id}/plan/print")
def print_week(work: Work, view: Screenful, client_id: Key, today: StudioDay, week: DayField | None = None) -> Response:
    day = practice.day_of(work, client_id, None, today)
    page = _print_page(work, view, day, week, "print_week", view.url("plan", client_id=client_id), client_id=client_id)
    if page is None:
        raise Conflict(f"{day.client.name} has no plan to practise now, so there is nothing to print.")
    return view.show(page)


@router.get("/my/plan/print")
def my_print_week(work: Work, view: Screenful, today: StudioDay, week: DayField | None = None) -> Response:
    day = practice.my_day(work, today)
    page = _print_page(work, view, day, week, "my_print_week", view.url("my_today"))
    return view.show(page or _calm(view, day.halt, day.stop))
