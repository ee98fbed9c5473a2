"""Pages that carry the library in and out: files to keep, and a file on its way in, shown row by row before anything happens."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Response

from app.errors import Conflict, FieldError, Invalid
from app.services import imports
from app.services.exercise_files import MOST_BYTES, MOST_EXERCISES
from app.services.imports import Fate, Row, Sent
from app.web.deps import Now, Today, Work
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, moment_in_words
from app.web.pages.library import LABELS, Difference, differences, written
from app.web.schemas import Key
from app.web.uploads import Upload, Uploaded

router = APIRouter(include_in_schema=False)

ROWS = 100


@dataclass(frozen=True, kw_only=True)
class LibraryFilesPage(Page):
    template: ClassVar[str] = "library/files.html"
    form: Form
    most_megabytes: int
    most_exercises: int


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row of the file: what it would do, in words and line by line."""

    line: int
    slug: str
    name: str
    fate: str
    fields: str
    changed: tuple[Difference, ...]
    emptied: tuple[str, ...]
    """The fields of which nothing would be left; of contraindications also those of which some would go."""
    wrong: tuple[tuple[int, str], ...]
    namesakes: str
    is_there: bool


@dataclass(frozen=True, kw_only=True)
class LibraryFilePage(Page):
    template: ClassVar[str] = "library/file.html"
    id: int
    name: str
    sent_at: str
    counts: Mapping[str, int]
    rows: tuple[RowLine, ...]
    total: int
    number: int
    pages: int
    before: str | None
    after: str | None
    mark: str
    problem: str | None


def _files_page(view: Screenful, form: Form) -> LibraryFilesPage:
    return LibraryFilesPage(shell=view.shell, form=form, most_megabytes=MOST_BYTES // 1_000_000, most_exercises=MOST_EXERCISES)


@router.get("/library/files")
def library_files(work: Work, view: Screenful) -> Response:
    imports.may_carry(work)
    return view.show(_files_page(view, Form.of(kind="yaml")))


@router.post("/library/files")
def send_library_file(work: Work, view: Screenful, upload: Uploaded, at: Now) -> Response:
    imports.may_carry(work)
    try:
        name, content, is_csv = _chosen(upload)
        sent = imports.send(work, name, content, at, is_csv=is_csv)
    except Invalid as refusal:
        errors = (FieldError("file", f"{_line(error.field)}{error.message}") for error in refusal.errors)
        return view.again(_files_page(view, upload.form.with_errors(errors)))
    return view.to("library_file", import_id=sent)


def _line(field: str) -> str:
    return f"{field.capitalize()}: " if field.startswith("line ") else ""


def _chosen(upload: Upload) -> tuple[str, bytes, bool]:
    """The file, or what was pasted: its name, its content, and whether it is a table."""
    if upload.name:
        ending = upload.name.rpartition(".")[2].lower()
        if ending not in ("yaml", "yml", "csv"):
            raise Invalid(FieldError("", "Choose a file whose name ends in .yaml or .csv."))
        return upload.name, upload.content, ending == "csv"
    pasted, kind = upload.form.value("text"), upload.form.value("kind")
    if not pasted.strip():
        raise Invalid(FieldError("", "Choose a file, or paste one."))
    return f"pasted {'CSV' if kind == 'csv' else 'YAML'}", pasted.encode("utf-8"), kind == "csv"


@router.get("/library/files/{import_id}")
def library_file(work: Work, view: Screenful, import_id: Key, page: Annotated[int, Query(ge=1, le=1000)] = 1) -> Response:
    return view.show(_file_page(work, view, imports.look(work, import_id), page))


def _file_page(work: Work, view: Screenful, sent: Sent, page: int = 1, problem: str | None = None) -> LibraryFilePage:
    order = list(Fate)
    rows = sorted((row for row in sent.run.rows if row.fate is not Fate.SAME), key=lambda row: order.index(row.fate))
    address = view.url("library_file", import_id=sent.id)
    pages = max(1, -(-len(rows) // ROWS))
    page = min(page, pages)
    return LibraryFilePage(
        shell=view.shell,
        id=sent.id,
        name=sent.name,
        sent_at=moment_in_words(work.actor.local(sent.sent_at)),
        counts={str(fate): len(sent.run.of(fate)) for fate in Fate},
        rows=tuple(map(_row_line, islice(rows, (page - 1) * ROWS, page * ROWS))),
        total=len(rows),
        number=page,
        pages=pages,
        before=f"{address}?page={page - 1}" if page > 1 else None,
        after=f"{address}?page={page + 1}" if page * ROWS < len(rows) else None,
        mark=sent.run.mark,
        problem=problem,
    )


def _row_line(row: Row) -> RowLine:
    changed = differences(written(row.before), written(row.exercise)) if row.before is not None and row.exercise is not None else ()
    names = ["archived" if row.archived else "brought back"] if "archived" in row.changed else []
    names += (LABELS[one.field] for one in changed)
    return RowLine(
        line=row.line,
        slug=row.slug,
        name=row.name or row.slug or "no name",
        fate=row.fate,
        fields=", ".join(names),
        changed=changed,
        emptied=tuple(_emptied(changed)),
        wrong=tuple((one.line, one.message) for one in row.wrong),
        namesakes=", ".join(row.namesakes),
        is_there=row.fate is Fate.CHANGED,
    )


def _emptied(changed: Iterable[Difference]) -> Iterator[str]:
    for one in changed:
        gone = len(one.old) if not one.new else len(set(one.old) - set(one.new)) if one.field == "contraindications" else 0
        if gone:
            yield f"{one.label} ({gone})"


@router.post("/library/files/{import_id}")
def take_in_library_file(work: Work, view: Screenful, import_id: Key, form: Typed, at: Now) -> Response:
    try:
        imports.take_in(work, import_id, form.value("mark"), at)
    except Conflict as refusal:
        return view.again(_file_page(work, view, imports.look(work, import_id), problem=str(refusal)), 409)
    return view.to("library", said="library-taken-in")


@router.post("/library/files/{import_id}/discard")
def discard_library_file(work: Work, view: Screenful, import_id: Key, at: Now) -> Response:
    imports.discard(work, import_id, at)
    return view.to("library_files", said="library-file-discarded")


def _download(content: str, name: str, media_type: str) -> Response:
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


@router.get("/library/export.yaml")
def export_yaml(work: Work, today: Today) -> Response:
    return _download(imports.export(work, is_csv=False), f"library-{today}.yaml", "application/yaml")


@router.get("/library/export.csv")
def export_csv(work: Work, today: Today) -> Response:
    return _download(imports.export(work, is_csv=True), f"library-{today}.csv", "text/csv; charset=utf-8")
