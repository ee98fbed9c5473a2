"""What text from outside may hold."""

import re
import unicodedata

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


def one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("write it in one line")
    return text
