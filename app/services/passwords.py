"""Passwords: hashing in a bounded pool, and the rule for a new one."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import FieldError, Invalid

SHORTEST, LONGEST = 12, 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_pool = BoundedSemaphore(2)
_nobody = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    with _pool:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; without a hash it takes as long and is always false."""
    with _pool:
        try:
            return _hasher.verify(password_hash or _nobody, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def check_new(password: str, field: str = "new_password") -> None:
    """Raise Invalid unless it may become somebody's password."""
    if len(password) < SHORTEST:
        raise Invalid(FieldError(field, f"Use at least {SHORTEST} characters; a few words in a row are easy to remember."))
    if len(password) > LONGEST:
        raise Invalid(FieldError(field, f"Use at most {LONGEST} characters."))
