"""All that the environment may say, as HINGE_* variables; frozen once read."""

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_USUAL_PORTS = {"http": 80, "https": 443}
_SHAPE = "write it as https://name or http://127.0.0.1:8000: no path, no password, and other alphabets as xn--..."


def _origin(url: str) -> str:
    """The address as browsers write the origin of a page: in lower case, and without the port that goes without saying."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # brackets that don't close, or a port that is none
        raise ValueError(_SHAPE) from None
    more = parts.path.removeprefix("/") or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in _USUAL_PORTS or not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", host) or port == 0 or more:
        raise ValueError(_SHAPE)
    where = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{where}" + ("" if port in (None, _USUAL_PORTS[parts.scheme]) else f":{port}")


class Settings(BaseSettings):
    """Where the data lives and under which address people reach it."""

    model_config = SettingsConfigDict(env_prefix="HINGE_", frozen=True, extra="ignore")

    data_dir: Path = Path("data")
    database_url: str = ""
    public_url: Annotated[str, AfterValidator(_origin)] = "http://127.0.0.1:8000"
    max_body_bytes: int = Field(default=1_000_000, gt=0)
    max_upload_bytes: int = Field(default=16_500_000, gt=0)
    body_seconds: float = Field(default=30, gt=0)
    connections: int = Field(default=10, gt=0, le=100)

    @property
    def database(self) -> str:
        """The database's URL; SQLite in the data folder unless the environment names another."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'hinge.sqlite3'}"

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).hostname or ""

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        """Whether the public address reaches this computer only."""
        return self.host in LOOPBACK
