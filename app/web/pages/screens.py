"""Pages for screens: typing one, what finishing it would do, reading it, mending it. What they show comes from the tables of tests."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, assert_never

from fastapi import APIRouter, Response

from app.errors import FieldError, Invalid, StaleVersion
from app.rules import battery
from app.rules import documents as rules
from app.rules.battery import SECTION_LABELS, ExtraField, ScreenTest, Section, Unit, number
from app.rules.checks import ASKED, KEPT_FOR, Problem
from app.rules.contraindications import KEYS
from app.rules.documents import ExtraValue, Finding, Person, Reason
from app.rules.findings import Graded, where
from app.rules.progress import STAGE_LABELS, stage_states
from app.rules.readiness import ADVICE, READINESS, RED_FLAGS, TALK, Advice
from app.rules.vocabulary import Level, Origin, Region, Side, Stage, Status
from app.services import plans, screens
from app.services.drafts import IMPERIAL, MOST_INJURIES, NONE, UNITS, injury_rows, test_in, unit_in, value_in
from app.services.drafts import Typed as TypedDraft
from app.services.drafts import at as field_of
from app.services.screens import (
    Beginning,
    Discarded,
    Draft,
    DraftThere,
    Finished,
    InPart,
    Previewed,
    ScreenPage,
    StaleDraft,
    Talk,
    Unfinished,
)
from app.web.deps import Now, Today, Work
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, day_in_words, moment_in_words
from app.web.pages.changes import ChangesPart, Chip, changes_part, chip, read_lines, typed_lines
from app.web.pages.plans import Gone, StageCard, left_out, stage_cards
from app.web.pages.progress import headline
from app.web.schemas import Key

router = APIRouter(include_in_schema=False)

Option = tuple[str, str]

_SIDES: Final = {Side.LEFT: "Left", Side.RIGHT: "Right", Side.BOTH: "Both sides"}
_LEVELS: Final = {
    Level.EMERGENCY: "An emergency: stop at once",
    Level.URGENT: "A doctor, the same day or within days",
    Level.CLEARANCE: "An answer from a health professional first",
    Level.REFER: "A physical therapist or doctor first",
}
_YES_NO: Final[tuple[Option, ...]] = (("yes", "yes"), ("no", "no"))
_MOST_LEADS: Final = 8


# --- what the page of a draft shows -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Extra:
    """Something noted beside a value. `options` are those of a choice or of ticks."""

    name: str
    label: str
    spoken: str
    kind: str
    options: tuple[Option, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One test on one side: where its fields begin, how it is called, and how it stands."""

    at: str
    side: str
    column: str
    label: str
    unit: str
    inputmode: str
    hint: str
    last: str
    chip: Chip
    extra: tuple[Extra, ...]


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    short: str
    name: str
    measures: str
    reference: str
    origin: Origin
    source: str
    origin_note: str
    procedure: str
    caveat: str
    cells: tuple[Cell, ...]
    hurts: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One section of tests: those of the minimum, then the others, unfolded as soon as one of them holds anything."""

    id: str
    label: str
    rows: tuple[Row, ...]
    optional: tuple[Row, ...]
    unfolded: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How much of a section's minimum is there."""

    id: str
    label: str
    filled: int
    of: int


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that the talk asks."""

    name: str
    ask: str
    kind: str
    hint: str
    options: tuple[Option, ...]
    unit: str
    last: str


@dataclass(frozen=True, slots=True)
class Ticks:
    """Things to tick under one heading: value, words, and what stands small beneath."""

    heading: str
    options: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TalkPart:
    readiness: tuple[Question, ...]
    red_flags: tuple[Ticks, ...]
    questions: tuple[Question, ...]
    injuries: tuple[int, ...]
    regions: tuple[Option, ...]
    sides: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """A finding and the exercises that come of it."""

    chip: Chip
    what: str
    so: str
    measured: str


@dataclass(frozen=True, slots=True)
class Leads:
    """What a draft leads to so far: reasons to stop, or findings with their exercises."""

    stops: tuple[str, ...]
    stop_heading: str
    found: tuple[Lead, ...]
    more: int


@dataclass(frozen=True, kw_only=True)
class DraftPage(Page):
    template: ClassVar[str] = "screens/edit.html"
    client_id: int
    client_name: str
    screen_id: int
    heading: str
    under: str
    revision: int
    saved_at: str
    mends: int | None
    form: Form
    summary: Form
    """What is wrong, by name, for the top of the page; nothing while somebody is still typing."""
    counts: tuple[Count, ...]
    talk: TalkPart
    sections: tuple[Part, ...]
    leads: Leads


@dataclass(frozen=True, slots=True)
class Shown:
    """How values are written for somebody: in which units."""

    units: str

    def amount(self, test: ScreenTest, value: float) -> str:
        return unit_in(test.unit, self.units).amount(value_in(value, test.unit, self.units))

    def reference(self, test: ScreenTest, person: Person) -> str:
        return test_in(test, self.units).reference(person)

    def unit(self, unit: Unit | None) -> str:
        return unit_in(unit, self.units).symbol if unit else ""


def _part(section: Section, draft: Draft, shown: Shown) -> Part:
    tests = [test for test in battery.BATTERY if test.section is section]
    graded = {(line.test.id, line.side): line for line in draft.graded}
    last = {(one.test, one.side): one for one in draft.last.measurements} if draft.last else {}
    rows = {test: _row(test, draft, shown, graded, last) for test in tests}
    optional = tuple(row for test, row in rows.items() if not test.minimum)
    touched = any(name.startswith(tuple(f"{cell.at}." for row in optional for cell in row.cells)) for name in draft.typed.fields)
    return Part(section.value, SECTION_LABELS[section], tuple(row for test, row in rows.items() if test.minimum), optional, touched)


def _row(
    test: ScreenTest,
    draft: Draft,
    shown: Shown,
    graded: Mapping[tuple[str, Side], Graded],
    last: Mapping[tuple[str, Side], rules.Measurement],
) -> Row:
    return Row(
        id=test.id,
        short=test.short,
        name=test.name,
        measures=test.measures,
        reference=shown.reference(test, draft.document.person),
        origin=test.origin,
        source=test.source,
        origin_note=test.origin_note,
        procedure=test.procedure,
        caveat=test.caveat,
        cells=tuple(
            _cell(test, side, shown, graded.get((test.id, side)), _last(test, last.get((test.id, side)), draft, shown))
            for side in test.sides
        ),
        hurts=any(draft.typed.value(f"{field_of(test, side)}.pain") for side in test.sides),
    )


def _last(test: ScreenTest, one: rules.Measurement | None, draft: Draft, shown: Shown) -> str:
    """What was measured before, and whether it is kept."""
    if one is None:
        return ""
    amount = "" if one.value is None else shown.amount(test, one.value)
    said = ", ".join(word for word in (amount, _noted(test, one, shown)) if word)
    kept = next((it.measured_on for it in draft.document.measurements if (it.test, it.side) == (one.test, one.side)), None)
    if kept is not None:
        return f"kept from {day_in_words(kept)}: {said}"
    return f"last {amount}" if amount else ""


def _cell(test: ScreenTest, side: Side, shown: Shown, line: Graded | None, last: str) -> Cell:
    start, label = field_of(test, side), where(test, side)
    return Cell(
        at=start,
        side=_SIDES[side],
        column="right" if side is Side.RIGHT else "left",
        label=label,
        unit=shown.unit(test.unit),
        # The pad of digits on a phone has no minus.
        inputmode="text" if test.input_range[0] < 0 else "numeric" if test.unit.whole else "decimal",
        hint=f"{test.amount(test.input_range[1])} when all holds; else tick, and it is counted" if test.value_from else "",
        last=last,
        chip=chip(test.id, line.grade) if line is not None else Chip("not-tested", "not yet"),
        extra=tuple(_extra(one, start, label, shown) for one in test.extra),
    )


def _extra(one: ExtraField, start: str, label: str, shown: Shown) -> Extra:
    options = _YES_NO if one.kind == "bool" else tuple((choice.value, choice.label) for choice in one.choices)
    return Extra(f"{start}.extra.{one.name}", one.label, f"{label}: {one.label}", one.kind, options, shown.unit(one.unit))


def _talk_part(draft: Draft) -> TalkPart:
    rows = injury_rows(draft.typed.fields)
    spare = min(set(range(MOST_INJURIES)) - set(rows), default=None) if not rows else rows[-1] + 1
    return TalkPart(
        readiness=tuple(Question(f"readiness.{one.id}", one.ask, "yes_no", "", _YES_NO, "", "") for one in READINESS),
        red_flags=tuple(
            Ticks(_LEVELS[level], tuple((flag.id, flag.text, "") for flag in RED_FLAGS if flag.level is level))
            for level in Level
            if any(flag.level is level for flag in RED_FLAGS)
        ),
        questions=tuple(_question(talk.field, draft) for talk in TALK),
        injuries=(*rows, spare) if spare is not None and spare < MOST_INJURIES else rows,
        regions=tuple((region.value, region.value) for region in Region),
        sides=((Side.LEFT.value, "left"), (Side.RIGHT.value, "right"), (Side.BOTH.value, "both")),
    )


def _question(field: str, draft: Draft) -> Question:
    talk = next(one for one in TALK if one.field == field)
    said = getattr(draft.last.history, field) if draft.last else None
    last = f"last {number(said)}" if talk.kind in ("scale", "number") and isinstance(said, (int, float)) else ""
    options: tuple[Option, ...]
    match talk.kind:
        case "yes_no":
            options = _YES_NO
        case "places":
            options = tuple((region.value, region.value) for region in Region)
        case "keys":
            options = tuple((key.id, key.label) for key in KEYS.values() if key.asked)
        case "scale" | "number" | "injuries":
            options = ()
        case _:
            assert_never(talk.kind)
    unit = f"of {number(talk.range[1])}" if talk.kind == "scale" and talk.range else talk.unit
    return Question(f"history.{field}", talk.ask, talk.kind, talk.hint, options, unit, last)


def _counts(draft: Draft) -> tuple[Count, ...]:
    """How much of the minimum is there, section by section."""
    fields, said = draft.reading.fields, draft.reading.fields.history
    talk = [one.id in fields.readiness for one in READINESS] + [getattr(said, name) is not None for name in ASKED]
    talk += [fields.red_flags is not None, not any(one.field == "injuries_asked" for one in draft.reading.unasked)]
    counts = [Count(Section.TALK.value, SECTION_LABELS[Section.TALK], sum(talk), len(talk))]
    wrong = tuple(one.field for one in draft.problems)
    measured = {
        (line.test.id, line.side)
        for line in draft.graded
        if (line.grade != "nt" or line.test.untested_allowed)
        and not any(name.startswith(f"{field_of(line.test, line.side)}.") for name in wrong)
    }
    for section in Section:
        wanted = [(test.id, side) for test in battery.BATTERY if test.section is section and test.minimum for side in test.sides]
        if section is not Section.TALK:
            counts.append(Count(section.value, SECTION_LABELS[section], sum(one in measured for one in wanted), len(wanted)))
    return tuple(counts)


def _leads(draft: Draft, shown: Shown) -> Leads:
    found = draft.preview.assessment
    if found.status is not Status.PLAN_READY:
        return Leads(tuple(reason.text for reason in found.reasons), ADVICE[found.status].heading, (), 0)
    outside = [one for one in found.findings if one.grade in (1, 2, 3)]
    outside.sort(key=lambda one: -one.grade if isinstance(one.grade, int) else 0)
    so: dict[tuple[str, Side], dict[str, None]] = {}
    for stage in draft.preview.plan.stages if draft.preview.plan else ():
        for item in stage.items:
            for reason in item.reasons:
                if reason.finding is not None:
                    so.setdefault((reason.finding.test, reason.finding.side), {})[item.name] = None
    return Leads(
        (),
        "",
        tuple(_lead(one, so.get((one.test, one.side), {}), draft, shown) for one in outside[:_MOST_LEADS]),
        max(0, len(outside) - _MOST_LEADS),
    )


def _lead(one: Finding, so: Iterable[str], draft: Draft, shown: Shown) -> Lead:
    test = battery.TESTS[one.test]
    measured = f"{shown.amount(test, one.value)}, " if one.value is not None else ""
    return Lead(
        chip(one.test, one.grade),
        where(test, one.side),
        " · ".join(so),
        f"{measured}reference {shown.reference(test, draft.document.person)}",
    )


def _heading(draft: Draft) -> str:
    day = day_in_words(draft.row.taken_on)
    if draft.row.supersedes_id is not None:
        return f"Mending the screen of {day}"
    if draft.typed.kept:
        return f"Screen again in part, {day}"
    return f"{'Screen again' if draft.last else 'First screen'}, {day}"


def _draft_page(view: Screenful, draft: Draft, form: Form | None = None, *, problems: Iterable[Problem] = ()) -> DraftPage:
    """The page of a draft. `problems` are all that keep it from being finished, once somebody has asked."""
    shown, actor = Shown(draft.typed.units), view.actor
    listed = tuple(problems)
    beside = tuple(FieldError(one.field, one.message) for one in listed or _typed_wrong(draft))
    form = form or Form(draft.typed.fields)
    mine = actor is not None and draft.row.author_id == actor.user_id
    units = (
        ""
        if actor is None or draft.typed.units == actor.units
        else f" Typed in {'inches' if draft.typed.units == IMPERIAL else 'centimetres'}."
    )
    kept = " What says kept need not be measured; type a value to measure it anew." if draft.typed.kept else ""
    return DraftPage(
        shell=view.shell,
        client_id=draft.client.id,
        client_name=draft.client.name,
        screen_id=draft.row.id,
        heading=_heading(draft),
        under=("A draft; nothing is published yet." if mine else f"A draft begun by {draft.author}; nothing is published yet.")
        + units
        + kept,
        revision=draft.row.revision,
        saved_at=f"{actor.local(draft.row.updated_at):%H:%M}" if actor and draft.row.revision else "",
        mends=draft.row.supersedes_id,
        form=form.with_errors(beside),
        summary=Form(errors=(*form.errors, *(_named(one) for one in listed))),
        counts=_counts(draft),
        talk=_talk_part(draft),
        sections=tuple(_part(section, draft, shown) for section in Section if section is not Section.TALK),
        leads=_leads(draft, shown),
    )


def _typed_wrong(draft: Draft) -> tuple[Problem, ...]:
    """What is wrong with what has been typed; what is still missing is no fault yet."""
    return tuple(one for one in draft.problems if draft.typed.value(one.field).strip())


def _whole(text: str) -> int:
    """A number that a page of ours put there; -1 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


# --- starting, typing, discarding -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    taken_on: str
    touched: str
    mends: bool


@dataclass(frozen=True, kw_only=True)
class DraftsPage(Page):
    """There is a draft already: go on with it, or start another."""

    template: ClassVar[str] = "screens/drafts.html"
    client_id: int
    client_name: str
    tests: str
    drafts: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class PartFace:
    """A screen of one stage's tests: what is measured, what is kept and what is not, in words."""

    stage: str
    name: str
    tests: tuple[str, ...]
    kept: tuple[str, ...]
    anew: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NewPage(Page):
    """Before a screen is begun: the whole of it, or one stage's tests alone."""

    template: ClassVar[str] = "screens/new.html"
    client_id: int
    client_name: str
    last: str
    stages: tuple[Option, ...]
    chosen: PartFace | None
    weeks: int


def _stage(name: str) -> Stage | None:
    return Stage(name) if name in set(Stage) else None


@router.get("/clients/{client_id}/screens/new")
def begin_screen(work: Work, view: Screenful, client_id: Key, today: Today, tests: str = "") -> Response:
    found: Beginning = screens.new_draft(work, client_id, _stage(tests), today)
    shown = Shown(work.actor.units)
    page = NewPage(
        shell=view.shell,
        client_id=found.client.id,
        client_name=found.client.name,
        last="" if found.last is None else day_in_words(found.last),
        stages=tuple((stage.value, STAGE_LABELS[stage]) for stage in found.parts),
        chosen=None if found.chosen is None else _part_face(found.chosen, shown),
        weeks=KEPT_FOR.days // 7,
    )
    return view.show(page)


def _part_face(part: InPart, shown: Shown) -> PartFace:
    def said(one: rules.Measurement) -> str:
        test = battery.TESTS.get(one.test)
        if test is None:
            return one.test
        words = [] if one.value is None else [shown.amount(test, one.value)]
        words += [] if one.measured_on is None else [f"from {day_in_words(one.measured_on)}"]
        return f"{where(test, one.side)}: {', '.join(words)}" if words else where(test, one.side)

    tests = tuple(battery.TESTS[test].short for test in part.tests)
    return PartFace(part.stage.value, STAGE_LABELS[part.stage], tests, tuple(map(said, part.kept)), tuple(map(said, part.anew)))


@router.post("/clients/{client_id}/screens")
def new_screen(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now, today: Today) -> Response:
    tests = _stage(form.value("tests"))
    try:
        row = screens.start_draft(work, client_id, at, today, another=form.value("another") == "yes", stage=tests)
    except DraftThere as there:
        waiting = tuple(
            Waiting(one.id, day_in_words(one.taken_on), moment_in_words(work.actor.local(one.updated_at)), one.supersedes_id is not None)
            for one in there.drafts
        )
        page = DraftsPage(shell=view.shell, client_id=there.client.id, client_name=there.client.name, tests=tests or "", drafts=waiting)
        return view.again(page, 409)
    return view.to("edit_screen", client_id=client_id, screen_id=row.id)


@router.get("/clients/{client_id}/screens/{screen_id}/edit")
def edit_screen(work: Work, view: Screenful, client_id: Key, screen_id: Key, at: Now, today: Today, check: str = "") -> Response:
    try:
        draft = screens.get_draft(work, client_id, screen_id, at, today)
    except Finished:
        return view.to("screen", client_id=client_id, screen_id=screen_id)
    return view.show(_draft_page(view, draft, problems=draft.problems if check else ()))


@router.post("/clients/{client_id}/screens/restore")
def restore_screen(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now, today: Today) -> Response:
    typed = TypedDraft(form.value("units"), form.fields, kept=form.values("kept"), lines=read_lines(form) or {})
    row = screens.restore_draft(work, client_id, typed, _whole(form.value("mends")) if form.value("mends") else None, at, today)
    return view.to("edit_screen", client_id=client_id, screen_id=row.id, said="draft-restored")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two pages have filled differently; `ticks` are offered where a field holds several values."""

    name: str
    label: str
    mine: str
    theirs: str
    mine_value: str
    theirs_value: str
    ticks: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class TwoDraftsPage(Page):
    """The same draft was saved on another page: both versions of what differs."""

    template: ClassVar[str] = "screens/two.html"
    client_id: int
    client_name: str
    screen_id: int
    revision: int
    differences: tuple[Difference, ...]
    same: tuple[Option, ...]


@router.post("/clients/{client_id}/screens/{screen_id}")
def save_screen(work: Work, view: Screenful, client_id: Key, screen_id: Key, form: Typed, at: Now, today: Today) -> Response:
    """Save a draft: by the button, as it is typed, or on the way to what it leads to."""
    try:
        screens.save_draft(work, client_id, screen_id, form.fields, _whole(form.value("revision")), form.value("stamp"), at)
    except StaleDraft as stale:
        return view.again(_two_drafts(view, screen_id, stale), 409)
    except Invalid as refusal:
        draft = screens.get_draft(work, client_id, screen_id, at, today)
        return view.again(_draft_page(view, draft, form.refused(refusal)))
    if form.value("then") == "preview":
        return view.to("preview_screen", client_id=client_id, screen_id=screen_id)
    anchor, said = _AFTER_SAVING.get(form.value("then"), ("", None))
    return view.to("edit_screen", client_id=client_id, screen_id=screen_id, anchor=anchor, said=said)


_AFTER_SAVING: Final[Mapping[str, tuple[str, str | None]]] = {"injury": ("injuries", None), "save": ("", "draft-saved")}


def _two_drafts(view: Screenful, screen_id: int, stale: StaleDraft) -> TwoDraftsPage:
    mine, theirs, words = stale.mine, stale.theirs, _words()
    names = sorted(mine.keys() | theirs.keys(), key=lambda name: list(words).index(name) if name in words else len(words))
    return TwoDraftsPage(
        shell=view.shell,
        client_id=stale.client.id,
        client_name=stale.client.name,
        screen_id=screen_id,
        revision=stale.revision,
        differences=tuple(
            _difference(name, mine.get(name, ()), theirs.get(name, ()), words) for name in names if mine.get(name) != theirs.get(name)
        ),
        same=tuple((name, value) for name in names if mine.get(name) == theirs.get(name) for value in mine[name]),
    )


Words = Mapping[str, tuple[str, Mapping[str, str], bool]]


def _words() -> dict[str, tuple[str, Mapping[str, str], bool]]:
    """Each field's label, its values in words, and whether it holds several, in the order of the page."""
    words: dict[str, tuple[str, Mapping[str, str], bool]] = {
        "taken_on": ("Taken on", {}, False),
        "supersede_reason": ("Why it is mended", {}, False),
    }
    words |= {f"readiness.{one.id}": (one.ask, {}, False) for one in READINESS}
    words["red_flags"] = ("Red flags", {flag.id: flag.text for flag in RED_FLAGS}, True)
    words["red_flags_asked"] = ("Red flags", {NONE: "none of these"}, True)
    for talk in TALK:
        options = {key.id: key.label for key in KEYS.values()} if talk.kind == "keys" else {}
        words[f"history.{talk.field}"] = (talk.ask, options, talk.kind in ("keys", "places"))
    words["injuries_asked"] = ("Injuries", {NONE: "none"}, True)
    for test in battery.BATTERY:
        for side in test.sides:
            start, label = field_of(test, side), where(test, side)
            words[f"{start}.value"] = (label, {}, False)
            for extra in test.extra:
                options = {choice.value: choice.label for choice in extra.choices}
                words[f"{start}.extra.{extra.name}"] = (f"{label}: {extra.label}", options, extra.kind == "items")
            words[f"{start}.pain"] = (f"{label}: pain", {}, False)
    words["note"] = ("Note", {}, False)
    return words


def _difference(name: str, mine: tuple[str, ...], theirs: tuple[str, ...], words: Words) -> Difference:
    label, options, several = words.get(name, (name.rpartition(".")[2], {}, False))
    if name.startswith("history.injuries."):
        row = name.split(".")[2]
        label = f"Injury {int(row) + 1}: {label}"

    def said(values: tuple[str, ...]) -> str:
        return ", ".join(options.get(value, value) for value in values) or "nothing"

    return Difference(
        name=name,
        label=label,
        mine=said(mine),
        theirs=said(theirs),
        mine_value=mine[-1] if mine else "",
        theirs_value=theirs[-1] if theirs else "",
        ticks=tuple((value, options.get(value, value)) for value in dict.fromkeys((*mine, *theirs))) if several else (),
    )


@dataclass(frozen=True, kw_only=True)
class DiscardedPage(Page):
    """A draft is gone, and this page alone still holds what was typed: it answers the POST itself."""

    template: ClassVar[str] = "screens/discarded.html"
    client_id: int
    client_name: str
    units: str
    mends: int | None
    fields: tuple[Option, ...]


@router.post("/clients/{client_id}/screens/{screen_id}/discard")
def discard_screen(work: Work, view: Screenful, client_id: Key, screen_id: Key, at: Now) -> Response:
    gone: Discarded = screens.discard_draft(work, client_id, screen_id, at)
    page = DiscardedPage(
        shell=view.shell,
        client_id=gone.client.id,
        client_name=gone.client.name,
        units=gone.typed.units,
        mends=gone.mends,
        fields=tuple((name, value) for name, values in _everything(gone.typed).items() for value in values),
    )
    return view.show(page)


def _everything(typed: TypedDraft) -> Mapping[str, tuple[str, ...]]:
    """A draft as one form."""
    return {**typed.fields, "kept": typed.kept, **typed_lines(typed.lines).fields}


# --- before finishing -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OneSide:
    """One side of a finding in a table."""

    side: str
    amount: str
    chip: Chip
    lags: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One test's findings: a cell for each side."""

    short: str
    reference: str
    origin: Origin
    source: str
    noted: tuple[str, ...]
    sides: tuple[OneSide, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class PreviewPage(Page):
    template: ClassVar[str] = "screens/preview.html"
    client_id: int
    client_name: str
    screen_id: int
    revision: int
    mends: bool
    problem: str | None
    problems: tuple[FieldError, ...]
    status: Status
    advice: Advice
    reasons: tuple[Reason, ...]
    headline: str
    stages: tuple[StageCard, ...]
    removed: tuple[Gone, ...]
    habits: tuple[str, ...]
    notes: tuple[str, ...]
    gaps: tuple[str, ...]
    """What is asked for and not in the library."""
    found: tuple[Found, ...]
    changes: ChangesPart | None
    saved_at: str


def _found(findings: Iterable[Finding], measurements: Iterable[rules.Measurement], person: Person, shown: Shown) -> tuple[Found, ...]:
    by_test: dict[str, list[Finding]] = {}
    for one in findings:
        by_test.setdefault(one.test, []).append(one)
    noted = {(one.test, one.side): one for one in measurements}
    return tuple(_found_one(battery.TESTS.get(test), lines, noted, person, shown) for test, lines in by_test.items())


def _found_one(
    test: ScreenTest | None, lines: list[Finding], noted: Mapping[tuple[str, Side], rules.Measurement], person: Person, shown: Shown
) -> Found:
    first = lines[0]

    def amount(value: float | None) -> str:
        return "" if value is None else shown.amount(test, value) if test else number(value)

    return Found(
        short=test.short if test else first.test,
        # What was said on the day stands, unless it is read in other units.
        reference=shown.reference(test, person) if test and test_in(test, shown.units) is not test else first.reference,
        origin=first.origin,
        source=test.source if test else "",
        noted=tuple(_noted(test, noted.get((one.test, one.side)), shown) for one in lines),
        sides=tuple(
            OneSide(_SIDES[one.side], amount(one.value), chip(one.test, one.grade), one.asymmetry and one.worse is one.side)
            for one in lines
        ),
        text=test.usual_text if test and first.grade == 1 else "",
    )


def _noted(test: ScreenTest | None, one: rules.Measurement | None, shown: Shown) -> str:
    if test is None or one is None:
        return ""
    words = [f"pain {one.pain} of 10"] if one.pain else []
    for name, value in (one.extra or {}).items():
        extra = test.field(name)
        if test.void_when is not None and test.void_when.field == name and not test.void_when.of(one.value, one.extra or {}):
            continue
        if extra is not None and (said := "; ".join(_said(extra, value, shown))):
            words.append(f"{extra.label.lower()}: {said}")
    return ", ".join(words)


def _said(extra: ExtraField, value: ExtraValue, shown: Shown) -> Iterator[str]:
    words = {choice.value: choice.label for choice in extra.choices}
    match value:
        case bool():
            yield "yes" if value else "no"
        case int() | float():
            yield unit_in(extra.unit, shown.units).amount(value_in(value, extra.unit, shown.units)) if extra.unit else number(value)
        case str():
            yield words.get(value, value)
        case tuple():
            yield from (words.get(one, one) for one in value)


def _preview_page(view: Screenful, previewed: Previewed, problem: str | None = None, form: Form | None = None) -> PreviewPage:
    """The page before finishing. `form` is what was chosen on it just now, and what is wrong with it."""
    draft, plan, actor = previewed.draft, previewed.plan, view.actor
    found = draft.preview.assessment
    cards = stage_cards(plan, stage_states(plan), found.findings) if plan else ()
    shown = Shown(draft.typed.units)
    changes = None
    if previewed.changes is not None and not draft.problems:
        changes = changes_part(previewed.changes, shown.units, form=form or typed_lines(previewed.lines), choosing=True)
    return PreviewPage(
        shell=view.shell,
        client_id=draft.client.id,
        client_name=draft.client.name,
        screen_id=draft.row.id,
        revision=draft.row.revision,
        mends=draft.row.supersedes_id is not None,
        problem=problem,
        problems=tuple(_named(one) for one in draft.problems),
        status=found.status,
        advice=ADVICE[found.status],
        reasons=found.reasons,
        headline=headline(cards) if cards else "",
        stages=cards,
        removed=left_out(plan, draft.names) if plan else (),
        habits=tuple(habit.text for habit in plan.habits) if plan else (),
        notes=plan.notes if plan else (),
        gaps=plans.lacking(plan) if plan else (),
        found=_found(found.findings, draft.document.measurements, draft.document.person, shown),
        changes=changes,
        saved_at=f"{actor.local(draft.row.updated_at):%H:%M}" if actor and previewed.lines else "",
    )


def _named(one: Problem) -> FieldError:
    """A problem that says which field it speaks of, for a list that stands apart from the fields."""
    label, _, _ = _words().get(one.field, ("", {}, False))
    if not label or one.message.startswith(label.split(",")[0]):
        return FieldError(one.field, one.message)
    return FieldError(one.field, f"{label}{'' if label.endswith('?') else ':'} {one.message}")


@router.get("/clients/{client_id}/screens/{screen_id}/preview")
def preview_screen(work: Work, view: Screenful, client_id: Key, screen_id: Key, at: Now, today: Today) -> Response:
    try:
        found = screens.preview_draft(work, client_id, screen_id, at, today)
    except Finished:
        return view.to("screen", client_id=client_id, screen_id=screen_id)
    return view.show(_preview_page(view, found))


@router.post("/clients/{client_id}/screens/{screen_id}/choices")
def choose_lines(work: Work, view: Screenful, client_id: Key, screen_id: Key, form: Typed, at: Now, today: Today) -> Response:
    """Keep with the draft which lines of the plan stay as they were."""
    try:
        screens.choose_lines(work, client_id, screen_id, read_lines(form) or {}, at, today)
    except Invalid as refusal:
        found = screens.preview_draft(work, client_id, screen_id, at, today)
        return view.again(_preview_page(view, found, form=form.refused(refusal)))
    except Finished:
        return view.to("screen", client_id=client_id, screen_id=screen_id, said="screen-was-finished")
    return view.to("preview_screen", client_id=client_id, screen_id=screen_id, said="choices-saved")


@router.post("/clients/{client_id}/screens/{screen_id}/finish")
def finish_screen(work: Work, view: Screenful, client_id: Key, screen_id: Key, form: Typed, at: Now, today: Today) -> Response:
    """Finish a draft just as it was previewed, with the lines that stay as they were."""
    against = _whole(form.value("against")) if form.value("against") else None
    lines = read_lines(form)
    try:
        logged = screens.finish_draft(work, client_id, screen_id, _whole(form.value("revision")), at, today, against=against, lines=lines)
    except Invalid as refusal:
        if any(error.field.startswith("line.") for error in refusal.errors):
            found = screens.preview_draft(work, client_id, screen_id, at, today)
            chosen = form if lines is not None else typed_lines(found.lines)
            return view.again(_preview_page(view, found, form=chosen.refused(refusal)))
        draft = screens.get_draft(work, client_id, screen_id, at, today)
        return view.again(_draft_page(view, draft, problems=draft.problems))
    except StaleVersion as stale:
        return view.again(_preview_page(view, screens.preview_draft(work, client_id, screen_id, at, today), str(stale)), 409)
    except Finished:
        return view.to("screen", client_id=client_id, screen_id=screen_id, said="screen-was-finished")
    stopped = logged.outcome.plan is None
    return view.to("plan", client_id=client_id, said="screen-stopped" if stopped else "screen-finished")


# --- reading and mending --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ReadPage(Page):
    template: ClassVar[str] = "screens/screen.html"
    client_id: int
    client_name: str
    screen_id: int
    taken_on: str
    by: str
    person: str
    status: Status
    advice: Advice
    reasons: tuple[Reason, ...]
    plan: int | None
    referral: int | None
    supersedes: int | None
    supersede_reason: str | None
    superseded_by: int | None
    may_mend: bool
    draft: int | None
    found: tuple[Found, ...]
    answers: tuple[Option, ...]
    injuries: tuple[str, ...]
    note: str
    form: Form


def _read_page(view: Screenful, found: ScreenPage, form: Form) -> ReadPage:
    screen, actor = found.screen, view.actor
    talk = screen.talk
    weight = screen.person.body_weight_kg
    shown = Shown(actor.units if actor else UNITS[0])
    person = [f"{screen.person.age} years", *([screen.person.sex.value] if screen.person.sex.value != "unspecified" else [])]
    if weight is not None:
        pound = battery.POUND
        person.append(f"{number(round(weight / pound.per_unit))} {pound.symbol}" if shown.units == IMPERIAL else f"{number(weight)} kg")
    return ReadPage(
        shell=view.shell,
        client_id=found.client.id,
        client_name=found.client.name,
        screen_id=screen.id,
        taken_on=day_in_words(screen.taken_on),
        by=screen.author,
        person=", ".join(person),
        status=screen.status,
        advice=ADVICE[screen.status],
        reasons=screen.reasons,
        plan=screen.plan,
        referral=screen.referral,
        supersedes=screen.supersedes,
        supersede_reason=screen.supersede_reason,
        superseded_by=screen.superseded_by,
        may_mend=found.may_mend,
        draft=found.draft,
        found=_found(screen.findings, screen.measurements, screen.person, shown),
        answers=tuple(_answers(talk)) if talk else (),
        injuries=tuple(_injury(one) for one in talk.history.injuries) if talk else (),
        note=talk.note if talk else "",
        form=form,
    )


def _answers(talk: Talk) -> Iterator[Option]:
    yes = [one.yes for one in READINESS if talk.readiness.get(one.id)]
    unasked = sum(one.id not in talk.readiness for one in READINESS)
    said = "; ".join(yes) or ("" if unasked == len(READINESS) else "no to all that were asked" if unasked else "no to all")
    yield "Readiness", f"{said}{f' ({unasked} not asked)' if unasked and said else ''}" or "not asked"
    yield "Red flags", "; ".join(flag.text for flag in RED_FLAGS if flag.id in talk.red_flags) or "none ticked"
    for one in TALK:
        value = getattr(talk.history, one.field)
        match one.kind:
            case "injuries":
                continue
            case "yes_no":
                yield one.ask, "not asked" if value is None else "yes" if value else "no"
            case "scale":
                yield one.ask, "not asked" if value is None else f"{value} of {number(one.range[1]) if one.range else ''}"
            case "number":
                yield one.ask, "not asked" if value is None else f"{number(value)} {one.unit}"
            case "places":
                yield one.ask, ", ".join(place.value for place in value) or "nowhere"
            case "keys":
                yield one.ask, "; ".join(KEYS[key].label for key in value if key in KEYS) or "nothing"
            case _:
                assert_never(one.kind)


def _injury(one: rules.Injury) -> str:
    side = f"{one.side.value} " if one.side in (Side.LEFT, Side.RIGHT) else ""
    return f"{one.what}: {side}{one.region.value}{f', {one.year}' if one.year else ''}, {'cleared' if one.cleared else 'not cleared'}"


@router.get("/clients/{client_id}/screens/{screen_id}")
def screen(work: Work, view: Screenful, client_id: Key, screen_id: Key) -> Response:
    try:
        found = screens.screen_for_trainer(work, client_id, screen_id)
    except Unfinished:
        return view.to("edit_screen", client_id=client_id, screen_id=screen_id)
    return view.show(_read_page(view, found, Form()))


@router.post("/clients/{client_id}/screens/{screen_id}/mend")
def mend_screen(work: Work, view: Screenful, client_id: Key, screen_id: Key, form: Typed, at: Now) -> Response:
    try:
        row = screens.mend_screen(work, client_id, screen_id, form.value("reason"), at)
    except Invalid as refusal:
        return view.again(_read_page(view, screens.screen_for_trainer(work, client_id, screen_id), form.refused(refusal)))
    return view.to("edit_screen", client_id=client_id, screen_id=row.id)
