"""The demo studios: people with random passwords for each data folder, and clients to look at."""

import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from app.models import Role, User
from app.services import accounts, library
from app.services.passwords import hash_password
from app.settings import Settings
from app.store import Store
