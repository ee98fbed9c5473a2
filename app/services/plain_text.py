"""What text from outside may hold."""

import re
import unicodedata

_AROUND = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """The text in its composed form; raises ValueError for what no database or page could carry, or what would turn the text around."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("has a character that is no text") from None
    text = unicodedata.normalize("NFC", text)
    if _CONTROL.search(text):
        raise ValueError("has a control character")
    return text


def plain_number(text: str) -> str:
    """A number without the white space around it and with a plain minus; white space between two digits stays, since "1 5" is no 15."""
    return _AROUND.sub("", text.replace("\u2212", "-"))


def one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("write it in one line")
    return text
