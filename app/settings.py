"""All that the environment may say, as HINGE_* variables; frozen once read."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ValueError("write it as https://name or http://127.0.0.1:8000, without a path")
    return f"{parts.scheme}://{parts.netloc.lower()}"


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
