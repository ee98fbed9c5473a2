"""Pages for practice: the client's day, the same day for her trainer, pain, and a week to print."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from fastapi import APIRouter, Response
from markupsafe import Markup
from pydantic import BaseModel, Field

from app.errors import Conflict, FieldError, Invalid
from app.rules import documents as rules
from app.rules.documents import Item
from app.rules.doses import days_in_words, dose_in_words
from app.rules.progress import STAGE_LABELS
from app.rules.readiness import ADVICE
from app.rules.today import DueItem, Today, latest
from app.rules.today import today as due_on
from app.rules.vocabulary import Side, StageState, Status
from app.rules.week import WeekItem
from app.rules.week import week as week_of
from app.services import practice
from app.services.practice import Added, Day, Halt, Tick
from app.store.practice import Entry
from app.web.deps import Config, Now, Work, reading
from app.web.deps import Today as StudioDay
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, Shell
from app.web.schemas import Day as DayField
from app.web.schemas import Key, ShortText

router = APIRouter(include_in_schema=False)

STOP_RULE = ADVICE[Status.PLAN_READY].say[-1]
EMERGENCY = ADVICE[Status.EMERGENCY].say[0]
TICKS = UUID("0a2ce0a4-7f0a-4f2e-9f0c-6f2f4b1d9a10")
"""The space of the ids of ticks that come from plain forms."""


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
_kept: dict[tuple[int, int], tuple[rules.Plan, dict[tuple[str, ...], Fixed]]] = {}
"""By studio and plan; good as long as the plan is the very one that the rows were made from."""


def how_of(studio_id: int, plan_id: int, plan: rules.Plan) -> How:
    """Makes what is fixed about each exercise of a studio's plan once."""
    kept = _kept.get((studio_id, plan_id))
    if kept is None or kept[0] is not plan:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        kept = _kept[studio_id, plan_id] = (plan, {})
    made = kept[1]

    def how(items: tuple[Item, ...]) -> Fixed:
        keys = tuple(item.key for item in items)
        if keys not in made:
            made[keys] = fixed(items)
        return made[keys]

    return how


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
    """Who else entered a tick, and what hurt."""
    hurts_href: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """One stage's rows."""

    label: str
    note: str
    rows: tuple[Row, ...]


def sections(due: Today, entries: Sequence[Entry], how: How, hurts: Callable[[str], str] | None = None) -> tuple[Section, ...]:
    """The day's rows; `entries` are the day's. `hurts` gives the address at which pain of an item is noted."""
    notes = _notes(entries)
    hurting = {entry.event.item for entry in entries if entry.event.pain}
    has_next = False
    found: list[Section] = []
    for stage in due.stages:
        grouped: dict[str, list[DueItem]] = {}
        for one in stage.items:
            grouped.setdefault(one.item.exercise, []).append(one)
        rows: list[Row] = []
        for items in grouped.values():
            shape = how(tuple([one.item for one in items]))
            sides = tuple(
                [
                    tuple([pair[mark.done] for pair, mark in zip(pairs, one.sets, strict=True)])
                    for pairs, one in zip(shape.buttons, items, strict=True)
                ]
            )
            value = next((button.value for side in sides for button in side if not button.done), None)
            is_next = value is not None and not has_next and hurting.isdisjoint([one.item.key for one in items])
            has_next = has_next or is_next
            rows.append(
                Row(
                    fixed=shape,
                    sides=sides,
                    value=value,
                    done=sum([one.done for one in items]),
                    of=sum([one.of for one in items]),
                    is_next=is_next,
                    notes=tuple(dict.fromkeys([note for one in items for note in notes.get(one.item.key, ())])),
                    hurts_href=hurts(items[0].item.key) if hurts else None,
                )
            )
        note = "if you like: it does not count yet" if stage.state is StageState.OPTIONAL else ""
        found.append(Section(STAGE_LABELS[stage.stage], note, tuple(rows)))
    return tuple(found)


def _notes(entries: Sequence[Entry]) -> Mapping[str, list[str]]:
    """By item: who else entered a tick that holds, and the worst pain that was noted."""
    by_id = {entry.event.id: entry.entered_by for entry in entries if entry.entered_by is not None}
    names: dict[str, set[str]] = {}
    pains: dict[str, int] = {}
    for event in latest(entry.event for entry in entries).values() if by_id else ():
        if event.done and event.id in by_id:
            names.setdefault(event.item, set()).add(by_id[event.id])
    for entry in entries:
        if entry.event.pain:
            pains[entry.event.item] = max(entry.event.pain, pains.get(entry.event.item, 0))
    notes: dict[str, list[str]] = {item: [f"entered by {' and '.join(sorted(found))}"] for item, found in names.items()}
    for item, worst in pains.items():
        notes.setdefault(item, []).append(f"hurt {worst} of 10: leave it today and tell your trainer")
    return notes


# --- the client's day -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MyToday(Page):
    template: ClassVar[str] = "practice/today.html"
    greeting: str
    lede: str
    problem: str | None
    """Why the last tick did not count."""
    news: str | None
    """What is new about the plan, until the first tick of it."""
    all_done: bool
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
    plan: rules.Plan,
    made_on: date,
    entries: Sequence[Entry],
    on: date,
    *,
    ticked_before: Sequence[tuple[date, str]] = (),
    how: How,
    hurts: Callable[[str], str],
    greeting: str,
    news: str | None = None,
    problem: str | None = None,
) -> MyToday | None:
    """The client's day from its own events and what was ticked before; None when nothing at all is due."""
    due = due_on(plan, made_on, (entry.event for entry in entries), on, ticked_before=ticked_before)
    if due.nothing_due:
        return None
    return MyToday(
        shell=shell,
        greeting=greeting,
        lede=_lede(due),
        problem=problem,
        news=news,
        all_done=due.all_done,
        on=on.isoformat(),
        seen=len(entries),
        done=due.done,
        of=due.of,
        sections=sections(due, entries, how, hurts),
        stop_rule=STOP_RULE,
    )


def _lede(due: Today) -> str:
    if due.all_done:
        return "All done for today. Well kept."
    did, planned = max(one.days_this_week for one in due.items), max(one.of_days for one in due.items)
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


def _hurts_href(address: str, key: str) -> str:
    return f"{address}?item={key}"


def _my_day(work: Work, view: Screenful, day: Day, at: datetime, problem: str | None = None) -> Page:
    if day.row is None or day.plan is None:
        return _calm(view, day.halt, day.stop)
    page = my_today_page(
        view.shell,
        day.plan,
        day.row.made_on,
        day.entries,
        day.on,
        ticked_before=day.ticked_before,
        how=how_of(day.client.studio_id, day.row.id, day.plan),
        hurts=partial(_hurts_href, view.url("hurts")),
        greeting=greeting(day.client.name, work.actor.local(at)),
        news=_news(day),
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
async def my_today(work: Work, view: Screenful, at: Now, today: StudioDay, around: Config) -> Response:
    return await reading(around, _my_today, work, view, at, today)


def _my_today(work: Work, view: Screenful, at: datetime, today: date) -> Response:
    return view.show(_my_day(work, view, practice.my_day(work, today), at))


class TickForm(BaseModel):
    """`tick` is an item's key, a set and 1 to tick it or 0 to take it back. A page that sends by itself adds `id` and `at`."""

    tick: ShortText
    on: DayField
    seen: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    id: UUID | None = None
    at: datetime | None = None


def _tick(form: Form, user_id: int, client_id: int, at: datetime) -> Tick:
    """The one tick of a form. The same form sent twice gives the same id, and so one tick."""
    typed = form.read(TickForm)
    key, _, rest = typed.tick.partition(" ")
    number, _, done = rest.partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) < 4) or done not in ("0", "1"):
        raise Invalid(FieldError("tick", "Choose a set."))
    made = uuid5(TICKS, f"{user_id} {client_id} {typed.on} {typed.seen} {typed.tick}")
    moment = typed.at if typed.at is not None and typed.at.tzinfo is not None else at
    return Tick(id=str(typed.id or made), item=key, set=int(number), performed_on=typed.on, at=moment, done=done == "1")


def _reason(added: Added) -> str | None:
    return " ".join((added.refused[0].reason, *(one.text for one in added.refused[0].missing))) if added.refused else None


@router.post("/my/ticks")
def my_ticks(work: Work, view: Screenful, form: Typed, at: Now, today: StudioDay) -> Response:
    client_id = work.actor.client_id or 0
    tick = _tick(form, work.actor.user_id, client_id, at)
    reason = _reason(practice.add_ticks(work, client_id, [tick], at, today))
    if reason is not None:
        return view.again(_my_day(work, view, practice.my_day(work, today), at, reason), 409)
    return view.to("my_today", said=None if tick.performed_on == today else "ticked-earlier", anchor=row_id(tick.item))


# --- pain -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class HurtsPage(Page):
    template: ClassVar[str] = "practice/hurts.html"
    form: Form
    on: str
    seen: int
    choices: tuple[tuple[str, str], ...]
    """The day's exercises and sides, by key."""
    stop_rule: str
    emergency: str


class HurtsForm(BaseModel):
    item: ShortText
    pain: Annotated[int, Field(ge=0, le=10)]
    on: DayField
    seen: Annotated[int, Field(ge=0, le=1_000_000)] = 0


def _hurts_page(view: Screenful, day: Day, due: Today, form: Form) -> HurtsPage:
    choices = tuple(
        (one.item.key, one.item.name if one.item.side is Side.BOTH else f"{one.item.name}, {one.item.side}") for one in due.items
    )
    return HurtsPage(
        shell=view.shell, form=form, on=day.on.isoformat(), seen=len(day.entries), choices=choices, stop_rule=STOP_RULE, emergency=EMERGENCY
    )


@router.get("/my/hurts")
def hurts(work: Work, view: Screenful, today: StudioDay, item: str = "") -> Response:
    day = practice.my_day(work, today)
    due = day.due
    if due is None:
        return view.show(_calm(view, day.halt, day.stop))
    return view.show(_hurts_page(view, day, due, Form.of(item=item)))


@router.post("/my/hurts")
def hurts_post(work: Work, view: Screenful, form: Typed, at: Now, today: StudioDay) -> Response:
    day = practice.my_day(work, today)
    due = day.due
    if due is None:
        return view.again(_calm(view, day.halt, day.stop), 409)
    try:
        typed = form.read(HurtsForm)
        made = uuid5(TICKS, f"hurts {work.actor.user_id} {typed.on} {typed.seen} {typed.item} {typed.pain}")
        reason = _reason(practice.note_pain(work, day.client.id, typed.item, typed.pain, str(made), at, today))
    except Invalid as refusal:
        return view.again(_hurts_page(view, day, due, form.refused(refusal)))
    if reason is not None:
        raise Conflict(reason)
    return view.to("my_today", said="pain-noted", anchor=row_id(typed.item))


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
    seen: int
    done: int
    of: int
    sections: tuple[Section, ...]


def _long(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _practice_page(view: Screenful, day: Day, problem: str | None = None) -> PracticePage:
    due = day.due
    if due is None or day.row is None or day.plan is None:
        raise Conflict(
            {
                Halt.ARCHIVED: f"{day.client.name}'s profile is archived. Bring it back first.",
                Halt.STOPPED: f"{day.client.name}'s practice has stopped until a professional has answered.",
            }.get(day.halt or Halt.UNSCREENED, f"There is no plan for {day.client.name} yet. Screen her first.")
        )
    one_day = timedelta(days=1)
    return PracticePage(
        shell=view.shell,
        client_id=day.client.id,
        name=day.client.name,
        on=day.on.isoformat(),
        day=_long(day.on),
        earliest=day.row.made_on.isoformat(),
        latest=day.today.isoformat(),
        earlier=(day.on - one_day).isoformat() if day.on > day.row.made_on else None,
        later=(day.on + one_day).isoformat() if day.on < day.today else None,
        problem=problem,
        seen=len(day.entries),
        done=due.done,
        of=due.of,
        sections=sections(due, day.entries, how_of(day.client.studio_id, day.row.id, day.plan)),
    )


@router.get("/clients/{client_id}/practice", name="practice")
def practice_page(work: Work, view: Screenful, client_id: Key, today: StudioDay, on: DayField | None = None) -> Response:
    return view.show(_practice_page(view, practice.day_of(work, client_id, on, today)))


@router.post("/clients/{client_id}/practice", name="practice_post")
def practice_post(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now, today: StudioDay) -> Response:
    """A trainer ticks for her client."""
    tick = _tick(form, work.actor.user_id, client_id, at)
    day = practice.day_of(work, client_id, tick.performed_on, today)
    reason = _reason(practice.add_ticks(work, client_id, [tick], at, today))
    if reason is not None:
        return view.again(_practice_page(view, day, reason), 409)
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


def print_stages(plan: rules.Plan, made_on: date, monday: date) -> tuple[PrintStage, ...]:
    """Everything that may come up in that week, with left and right of an exercise in one row."""
    stages: list[PrintStage] = []
    for stage in week_of(plan, made_on, monday):
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
    return PrintItem(first.name, ", ".join(part for part in days if part), dose, cue, tuple(one.item.side.value for one in items))


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
    stages = print_stages(day.plan, day.row.made_on, monday)
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
