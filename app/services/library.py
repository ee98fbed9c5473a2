"""The exercise library: the starter's exercises for a new studio, and the admin's edits."""

from datetime import datetime

from app.models import Studio
from app.store import Store


def stock(store: Store, studio: Studio, at: datetime) -> None:
    """Give a new studio the starter library."""
