"""Passwords: hashing in a bounded pool, and the rule for a new one."""

from threading import BoundedSemaphore
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import FieldError, Invalid

SHORTEST, LONGEST = 12, 200

PasswordHash = NewType("PasswordHash", str)
"""What is kept of a password. Making one takes a while, so that it is made before a transaction begins which others wait for."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
places = BoundedSemaphore(2)
"""So many are hashed at once, since each takes its memory."""
_nobody = _hasher.hash("nobody has this password")


def hash_password(password: str) -> PasswordHash:
    with places:
        return PasswordHash(_hasher.hash(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; without a hash it takes as long and is always false."""
    with places:
        try:
            return _hasher.verify(password_hash or _nobody, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def hash_new(password: str, field: str = "new_password") -> PasswordHash:
    """The hash of what may become somebody's password; raises Invalid where it may not."""
    if len(password) < SHORTEST:
        raise Invalid(FieldError(field, f"Use at least {SHORTEST} characters; a few words in a row are easy to remember."))
    if len(password) > LONGEST:
        raise Invalid(FieldError(field, f"Use at most {LONGEST} characters."))
    return hash_password(password)
