"""The page on which a trainer logs a session for a client: sets, pain, effort, load, and what she saw, all in one form."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final, cast, get_args

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.errors import Conflict, FieldError, Invalid, Missing
from app.rules.battery import number
from app.rules.documents import Effort, PracticeEvent
from app.rules.doses import dose_in_words
from app.rules.progress import STAGE_LABELS
from app.rules.today import DueItem, SetMark, latest
from app.rules.vocabulary import Feel, Side, SkipReason
from app.services import practice, progress
from app.services.practice import Day, Tick
from app.services.progress import CheckFields, CheckForm
from app.store import Store
from app.web.deps import Now, Today, Work
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, day_in_words
from app.web.pages.practice import EFFORTS, FEELS, SKIPS, no_day, would_stop
from app.web.pages.progress import CheckFace, beside, check_face, check_key, id_of, read_check
from app.web.schemas import Day as DayField
from app.web.schemas import Key, ShortText

router = APIRouter(include_in_schema=False)

PAINS: Final = tuple(str(pain) for pain in range(11))
_PARTS: Final = ("sets", "load", "pain", "feel", "effort", "skip")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One item of the day; its fields' names are a part and its key."""

    key: str
    name: str
    dose: str
    sets: tuple[str, ...]
    loaded: bool
    entered: str
    """Who entered what is there already."""


@dataclass(frozen=True, slots=True)
class SessionStage:
    """What is due of a stage; at last, without rows, what else may be looked at: the wall hinge after weeks without load, say."""

    label: str
    rows: tuple[SessionRow, ...]
    checks: tuple[tuple[CheckFace, bool], ...]
    """What can be noted of its exercises, and whether something was typed already."""
    loaded: bool
    is_due: bool = True


@dataclass(frozen=True, kw_only=True)
class SessionPage(Page):
    template: ClassVar[str] = "progress/session.html"
    client_id: int
    client_name: str
    on: str
    day: str
    earliest: str
    latest: str
    seen: int
    problem: str | None
    missing: tuple[str, ...]
    form: Form
    labels: Mapping[str, str]
    """What each field is called in an error."""
    stages: tuple[SessionStage, ...]
    pains: tuple[str, ...]
    feels: tuple[tuple[str, str], ...]
    efforts: tuple[tuple[str, str], ...]
    skips: tuple[tuple[str, str], ...]
    sure: bool
    """Whether what was typed stops everything, and is to be sent once more."""
    moved: str
    """The day for which it was typed, where another one was chosen since; nothing is saved yet."""


def _item_name(one: DueItem) -> str:
    return one.item.name if one.item.side is Side.BOTH else f"{one.item.name}, {one.item.side}"


def _filled(day: Day) -> Form:
    """The form as the log has the day."""
    fields: dict[str, tuple[str, ...]] = {}
    for one in day.due.items if day.due is not None else ():
        key = one.item.key
        fields[f"sets.{key}"] = (str(one.done),)
        known = {
            "load": next((number(mark.load_kg) for mark in one.sets if mark.load_kg is not None), ""),
            "pain": max((str(mark.pain) for mark in one.sets if mark.pain is not None), key=int, default=""),
            "effort": next((mark.effort for mark in reversed(one.sets) if mark.effort is not None), ""),
        }
        shown = day.progress.loads.get(one.item.exercise) if day.progress is not None else None
        if not known["load"] and shown is not None:
            known["load"] = number(shown)
        fields |= {f"{part}.{key}": (value,) for part, value in known.items()}
    return Form(fields)


@dataclass(frozen=True, slots=True)
class Stale:
    """A row that was shown and typed, and is not due any more; `one` is what the plan of the day still has of it."""

    row: SessionRow
    one: DueItem | None


def _stale(form: Form, day: Day) -> tuple[Stale, ...]:
    """The rows that are not due now and say something else than the log: nothing that was typed is dropped unseen."""
    due = {one.item.key for one in day.due.items} if day.due is not None else set()
    stages = day.plan.stages if day.plan is not None else ()
    every = [one for stage in stages for item in stage.items for one in (item, item.later, item.easier) if one is not None]
    known = {item.key: item for item in every}
    holds = latest(entry.event for entry in day.entries)
    named = (name.partition(".") for name in form.fields)
    found: list[Stale] = []
    for key in dict.fromkeys(key for part, _, key in named if part in _PARTS and key.count("/") == 2 and key not in due):
        item = known.get(key)
        told = [one for (on, of, _), one in holds.items() if on == day.on and of == key]
        if not _says_more(form, key, told):
            continue
        if item is None:
            done = form.value(f"sets.{key}").strip()
            sets = dict.fromkeys(("0", done if done.isdecimal() else "0"))
            name = ", ".join(part for part in key.split("/")[1:] if part != Side.BOTH).replace("-", " ")
            found.append(Stale(SessionRow(key, name, "", tuple(sets), bool(form.value(f"load.{key}")), ""), None))
            continue
        of_set = {one.set: one for one in told}
        marks = tuple(
            SetMark(number, one.done, one.pain, one.effort, one.load_kg)
            if (one := of_set.get(number)) is not None
            else SetMark(number, done=False)
            for number in range(1, item.dose.sets + 1)
        )
        gone = DueItem(item, marks, 0, 0)
        sets = dict.fromkeys(str(count) for count in range(gone.of + 1))
        found.append(Stale(SessionRow(key, _item_name(gone), dose_in_words(item.dose), tuple(sets), item.loaded, ""), gone))
    return tuple(found)


def _says_more(form: Form, key: str, told: Iterable[PracticeEvent]) -> bool:
    """Whether what was typed of an item is otherwise than the log has it; a load alone, which stands there unasked, is not."""
    log = sorted(told, key=lambda one: one.set)
    sets, pain, effort = (form.value(f"{part}.{key}").strip() for part in ("sets", "pain", "effort"))
    load = form.value(f"load.{key}").strip().replace(",", ".")
    done = [one for one in log if one.done]
    loads = {number(one.load_kg) for one in done if one.load_kg is not None}
    return (
        (sets not in ("", str(len(done))))
        or (pain != "" and pain != max((str(one.pain) for one in log if one.pain is not None), key=int, default=""))
        or (effort != "" and effort not in {one.effort for one in log})
        or (bool(loads) and load != "" and load not in loads)
        or any(form.value(f"{part}.{key}").strip() for part in ("feel", "skip"))
    )


def _prefix(one: CheckForm) -> str:
    return check_key(one).replace("/", ".")


def _session_page(
    view: Screenful,
    day: Day,
    forms: Iterable[CheckForm],
    form: Form,
    problem: str | None = None,
    missing: Iterable[Missing] = (),
    *,
    sure: bool = False,
    stale: Iterable[Stale] = (),
    moved: str = "",
) -> SessionPage:
    due = day.due
    if due is None or day.row is None:
        raise no_day(day)
    entered: dict[str, set[str]] = {}
    for entry in day.entries:
        entered.setdefault(entry.event.item, set()).add(entry.entered_by or day.client.name)
    offered = tuple(forms)
    stages: list[SessionStage] = []
    labels = {"to": "Day"}
    left = list(offered)
    gone = tuple(one.row for one in stale)
    if gone:
        labels |= {f"{part}.{row.key}": row.name for row in gone for part in _PARTS}
        stages.append(SessionStage("Not due any more on that day", gone, (), any(row.loaded for row in gone)))
    for stage in due.stages:
        rows = tuple(
            SessionRow(
                one.item.key,
                _item_name(one),
                dose_in_words(one.item.dose),
                tuple(str(count) for count in range(one.of + 1)),
                one.item.loaded,
                " and ".join(sorted(entered.get(one.item.key, ()))),
            )
            for one in stage.items
        )
        exercises = {one.item.exercise for one in stage.items}
        own = [it for it in offered if it.stage is stage.stage and (not it.exercise or it.exercise in exercises)]
        left = [it for it in left if it not in own]
        labels |= {f"{part}.{row.key}": row.name for row in rows for part in _PARTS}
        stages.append(SessionStage(STAGE_LABELS[stage.stage], rows, _check_faces(own, form), any(row.loaded for row in rows)))
    if left:
        stages.append(SessionStage("Not due that day", (), _check_faces(left, form), loaded=False, is_due=False))
    for face, _ in (it for one in stages for it in one.checks):
        labels |= {f"{face.prefix}.{name}": face.name for name in ("gate", "reps", "last_reps", "note", *(it.key for it in face.seen))}
    return SessionPage(
        shell=view.shell,
        client_id=day.client.id,
        client_name=day.client.name,
        on=day.on.isoformat(),
        day=_in_words(day.on),
        earliest=day.first.isoformat(),
        latest=day.today.isoformat(),
        seen=len(day.entries),
        problem=problem,
        missing=tuple(it.text for it in missing),
        form=form,
        labels=labels,
        stages=tuple(stages),
        pains=PAINS,
        feels=FEELS,
        efforts=EFFORTS,
        skips=SKIPS,
        sure=sure,
        moved=moved,
    )


def _in_words(on: date) -> str:
    return f"{on:%A}, {day_in_words(on)}"


def _check_faces(forms: Iterable[CheckForm], form: Form) -> tuple[tuple[CheckFace, bool], ...]:
    return tuple((check_face(it, _prefix(it)), _is_typed(form, _prefix(it))) for it in forms)


def _is_typed(form: Form, prefix: str) -> bool:
    return any(name.startswith(f"{prefix}.") and any(value.strip() for value in values) for name, values in form.fields.items())


@router.get("/clients/{client_id}/session", name="session")
def session_page(work: Work, view: Screenful, client_id: Key, today: Today, on: DayField | None = None) -> Response:
    day = practice.day_of(work, client_id, on, today)
    forms = progress.progress_of(work, client_id, today).forms
    return view.show(_session_page(view, day, forms, _filled(day)))


# --- reading --------------------------------------------------------------------------------------------------------


class SessionForm(BaseModel):
    on: DayField
    seen: int = 0
    sure: ShortText = ""


class OtherDay(BaseModel):
    to: DayField


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed of one item."""

    sets: int
    load_kg: float | None
    pain: int | None
    feel: Feel | None
    effort: Effort | None
    skipped: SkipReason | None


def _typed(form: Form, one: DueItem) -> _Typed:
    key, errors = one.item.key, []

    def choice(part: str, allowed: Iterable[str]) -> str:
        value = form.value(f"{part}.{key}").strip()
        if value and value not in allowed:
            errors.append(FieldError(f"{part}.{key}", "Choose one of these."))
            return ""
        return value

    sets = choice("sets", (str(count) for count in range(one.of + 1)))
    pain, effort = choice("pain", PAINS), choice("effort", get_args(Effort))
    feel, skipped = choice("feel", [it.value for it in Feel]), choice("skip", [it.value for it in SkipReason])
    load: float | None = None
    if one.item.loaded:
        try:
            load = form.number(f"load.{key}", least=0)
        except Invalid as refusal:
            errors.extend(refusal.errors)
    if feel and not pain:
        errors.append(FieldError(f"pain.{key}", "How much did it hurt, 0 to 10?"))
    if skipped and sets and sets != "0":
        errors.append(FieldError(f"skip.{key}", "Sets were done: then it was not skipped."))
    if errors:
        raise Invalid(*errors)
    return _Typed(
        int(sets) if sets else one.done,
        load,
        int(pain) if pain else None,
        Feel(feel) if feel else None,
        cast(Effort, effort) if effort else None,
        SkipReason(skipped) if skipped else None,
    )


def _ticks(day: Day, one: DueItem, typed: _Typed, seen: int, at: datetime, user_id: int) -> Iterable[Tick]:
    """What makes the day's sets of an item what was typed; what is so already is left alone. What was felt goes with the last set done."""
    told = typed.sets or 1
    for mark in one.sets:
        done = mark.number <= typed.sets
        here = mark.number == told
        pain = typed.pain if here else mark.pain
        wanted = (done, pain, typed.effort if here else mark.effort, typed.load_kg if done else None)
        skipped = typed.skipped if not done else None
        feel = typed.feel if here else None
        if wanted == (mark.done, mark.pain, mark.effort, mark.load_kg if mark.done else None) and skipped is None and feel is None:
            continue
        yield Tick(
            id=id_of("session", user_id, day.client.id, day.on, seen, one.item.key, mark.number, wanted, skipped, feel),
            item=one.item.key,
            set=mark.number,
            performed_on=day.on,
            at=at,
            done=done,
            pain=pain,
            effort=cast(Effort | None, wanted[2]),
            load_kg=wanted[3],
            feel=feel,
            skipped=skipped,
        )


_OF_A_CHECK: Final = re.compile(r"([a-z0-9-]+)\.(left|right|both)\.([a-z0-9_]+)")


def _unasked(form: Form, forms: Iterable[CheckForm]) -> Iterable[FieldError]:
    """What was typed of a look at an exercise that is not asked for any more: told once, with what was typed."""
    asked = {_prefix(one) for one in forms}
    found: dict[str, list[str]] = {}
    for name, values in form.fields.items():
        there = _OF_A_CHECK.fullmatch(name)
        typed = ", ".join(value.strip() for value in values if value.strip())
        if there is not None and typed and f"{there[1]}.{there[2]}" not in asked:
            what = there[1].replace("-", " ") + ("" if there[2] == Side.BOTH else f", {there[2]}")
            found.setdefault(what, []).append(f"{there[3].replace('_', ' ')} {typed}")
    for what, words in found.items():
        yield FieldError("", f"What you saw of {what} is not asked for any more, so it is not saved: {'; '.join(words)}.")


GONE: Final = "This is not in the plan of that day any more, so nothing of it can be saved."


def _read(
    form: Form, day: Day, forms: Iterable[CheckForm], stale: Iterable[Stale], seen: int, at: datetime, user_id: int
) -> tuple[list[Tick], list[CheckFields]]:
    """The whole form; raises Invalid with everything that is wrong in it."""
    errors: list[FieldError] = []
    ticks: list[Tick] = []
    checks: list[CheckFields] = []
    due = day.due
    errors += _unasked(form, forms)
    kept = [one.one for one in stale if one.one is not None]
    errors += [FieldError(f"sets.{one.row.key}", GONE) for one in stale if one.one is None]
    for one in (*(due.items if due is not None else ()), *kept):
        try:
            ticks.extend(_ticks(day, one, _typed(form, one), seen, at, user_id))
        except Invalid as refusal:
            errors.extend(refusal.errors)
    for it in forms:
        if not _is_typed(form, _prefix(it)):
            continue
        made = id_of("session check", user_id, day.client.id, day.on, seen, check_key(it), form.fields.get(f"{_prefix(it)}.reps"))
        try:
            checks.append(read_check(form, it, _prefix(it), day.on, made))
        except Invalid as refusal:
            errors.extend(refusal.errors)
    if errors:
        raise Invalid(*errors)
    return ticks, checks


def _note(work: Store, client_id: int, check: CheckFields, at: datetime, today: date) -> None:
    prefix = f"{check.exercise or check.stage}.{check.side}"
    try:
        progress.note_check(work, client_id, check, at, today)
    except Invalid as refusal:
        raise beside(prefix, refusal, check.seen) from None


def _enter(work: Store, client_id: int, ticks: list[Tick], stale: Iterable[Stale], at: datetime, today: date) -> bool:
    """Whether the ticks stop everything. What is refused of a row that is not due any more is raised beside it, all else as it is."""
    added = practice.add_ticks(work, client_id, ticks, at, today)
    keys, items = {one.row.key for one in stale}, {tick.id: tick.item for tick in ticks}
    errors = {items[one.id]: f"{one.reason} Nothing is saved yet." for one in added.refused if items[one.id] in keys}
    if errors:
        raise Invalid(*(FieldError(f"sets.{key}", reason) for key, reason in errors.items()))
    for one in added.refused:
        raise Conflict(one.reason, one.missing)
    return added.stopped


_OF_THE_PAGE: Final = frozenset({"on", "to", "then", "seen", "sure"})


def _changed(form: Form, day: Day) -> dict[str, tuple[str, ...]]:
    """What was typed and is otherwise than the page of the day had it."""
    filled = _filled(day)
    typed = {name: tuple(value for value in values if value.strip()) for name, values in form.fields.items() if name not in _OF_THE_PAGE}
    return {name: values for name, values in typed.items() if values and values != filled.values(name)}


def _on_another_day(work: Store, view: Screenful, day: Day, forms: Iterable[CheckForm], form: Form, today: date) -> Response:
    """What was typed comes along to the day that was chosen, and nothing is saved until it was looked at there."""
    try:
        other = practice.day_of(work, day.client.id, form.read(OtherDay).to, today)
    except Invalid as refusal:
        wrong = form.with_errors(FieldError("to", error.message) for error in refusal.errors)
        return view.again(_session_page(view, day, forms, wrong, stale=_stale(form, day)))
    changed = _changed(form, day)
    if not changed:
        return view.to("session", client_id=day.client.id, query={"on": other.on.isoformat()})
    typed = Form({**_filled(other).fields, **changed})
    return view.again(_session_page(view, other, forms, typed, stale=_stale(typed, other), moved=_in_words(day.on)), 409)


@router.post("/clients/{client_id}/session", name="session_post")
def session_post(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now, today: Today) -> Response:
    head = form.read(SessionForm)
    day = practice.day_of(work, client_id, head.on, today)
    forms = progress.progress_of(work, client_id, today).forms
    stale = _stale(form, day)
    if form.value("then") == "day" or form.value("to", form.value("on")).strip() != head.on.isoformat():
        return _on_another_day(work, view, day, forms, form, today)
    try:
        ticks, checks = _read(form, day, forms, stale, head.seen, at, work.actor.user_id)
        if not ticks and not checks:
            raise Invalid(FieldError("", "Nothing is different from what is noted already."))
        if any(would_stop(tick.pain, tick.feel) for tick in ticks) and head.sure != "yes":
            sure = Form({**form.fields, "sure": ("yes",)})
            return view.again(_session_page(view, day, forms, sure, sure=True, stale=stale), 409)
        for check in checks:
            _note(work, client_id, check, at, today)
        stopped = _enter(work, client_id, ticks, stale, at, today) if ticks else False
    except Invalid as refusal:
        return view.again(_session_page(view, day, forms, form.refused(refusal), stale=stale))
    except Conflict as refusal:
        return view.again(_session_page(view, day, forms, form, str(refusal), refusal.missing, stale=stale), 409)
    if stopped:
        return view.to("plan", client_id=client_id, said="practice-stopped")
    return view.to("progress", client_id=client_id, said="session-logged")
