"""A form that may carry a file: bytes in, the file and the fields beside it out."""

from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser
from typing import Annotated

from fastapi import Depends, Request

from app.errors import FieldError, Invalid
from app.web.forms import Form, read_form

MOST_PARTS = 50
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent; a file that was not chosen has neither name nor content."""

    form: Form = field(default_factory=Form)
    name: str = ""
    content: bytes = b""


def _unreadable() -> Invalid:
    return Invalid(FieldError("", "This form could not be read. Go back, reload the page and try again."))


async def read_upload(request: Request) -> Upload:
    """The posted form with its file; raises Invalid when it is none."""
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    if header.get_content_type() != "multipart/form-data":
        return Upload(await read_form(request))
    boundary = header.get_boundary()
    if not boundary:
        raise _unreadable()
    return _parts(await request.body(), boundary.encode("latin-1", "replace"))


def _parts(body: bytes, boundary: bytes) -> Upload:
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) > MOST_PARTS or not pieces[-1].startswith(b"--"):
        raise _unreadable()
    fields: dict[str, tuple[str, ...]] = {}
    file = ("", b"")
    for piece in pieces[1:-1]:
        head, found, content = piece.partition(b"\r\n\r\n")
        if not found:
            raise _unreadable()
        try:
            said = HeaderParser().parsestr(head.decode("utf-8").lstrip("\r\n"))
            name, file_name = said.get_param("name", "", "content-disposition"), said.get_filename()
            if file_name is not None:
                file = (_plain_name(file_name), content)
            elif isinstance(name, str) and name:
                fields[name] = (*fields.get(name, ()), content.decode("utf-8"))
        except ValueError:
            raise _unreadable() from None
    return Upload(Form(fields), *file)


def _plain_name(name: str) -> str:
    """A file's name without the folders that some browsers send, and without what nobody can read."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip()[:LONGEST_NAME]


Uploaded = Annotated[Upload, Depends(read_upload)]
