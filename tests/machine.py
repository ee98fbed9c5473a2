"""What the tests need of the machine beside Python: finds Chromium and PostgreSQL, and installs them where it may."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

WANTED = {"chromium": "chromium", "initdb": "postgresql"}
"""A program the tests start, and the Debian package it comes in."""

QUICK = "chromium-headless-shell"
"""Chromium without what a window needs, and its Debian package: with it the tests in the browser take half as long."""

NAMES = {"chromium": (QUICK, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")}
"""What a program may be called, the name that is liked best first."""


MEMORY = Path("/dev/shm")  # noqa: S108  # where Linux keeps files in memory
ROOM = 4 << 30
"""Bytes that the tests' databases may need; with that much of it free they are kept in memory, where a commit costs no disk."""


class Missing(Exception):
    """The machine lacks something the tests can't do without."""


def find(program: str) -> Path:
    """Where a program lies. Debian keeps the PostgreSQL server's programs off the PATH."""
    servers = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    path = os.pathsep.join((os.environ.get("PATH", ""), *map(str, servers)))
    for name in NAMES.get(program, (program,)):
        found = shutil.which(name, path=path)
        if found:
            return Path(found)
    raise Missing(f"{program} is missing; the tests need it. On Debian: apt-get install {WANTED.get(program, program)}")


def is_missing(program: str) -> bool:
    try:
        find(program)
    except Missing:
        return True
    return False


def has_room(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= ROOM


def provide() -> None:
    """Install what is missing, and what is quicker, if this is root on Debian; else say what is missing."""
    may_install = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if may_install and is_debian() and shutil.which(QUICK) is None:
        install(QUICK)
    packages = [package for program, package in WANTED.items() if is_missing(program)]
    if packages and may_install:
        problem = install(*packages)
        if problem:
            raise Missing(f"{problem} failed; the tests need {', '.join(packages)}.")
    for program in WANTED:
        find(program)


def is_debian() -> bool:
    """Debian itself: those that are made from it have no such Chromium."""
    try:
        return platform.freedesktop_os_release()["ID"] == "debian"
    except OSError:
        return False


def install(*packages: str) -> str:
    """Install Debian packages without taking any away; what went wrong, or nothing."""
    print(f"Installing {', '.join(packages)} ...", file=sys.stderr, flush=True)  # noqa: T201  # a command line
    patience = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=15", "-o", "Acquire::https::Timeout=15"]
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "--no-remove", *packages]):
        done = subprocess.run(
            ["apt-get", *patience, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        )
        if done.returncode:
            return f"{done.stdout.strip()}\napt-get {' '.join(command)}"
    return ""


if __name__ == "__main__":
    try:
        provide()
    except Missing as missing:
        sys.exit(str(missing))
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])  # noqa: S606  # becomes what it was asked to run
