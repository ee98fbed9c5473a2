"""What the tests need of the machine beside Python: finds Chromium and PostgreSQL, and installs them where it may."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

WANTED = {"chromium": "chromium", "initdb": "postgresql"}
"""A program the tests start, and the Debian package it comes in."""

OTHER_NAMES = {"chromium": ("chromium-browser", "google-chrome-stable", "google-chrome")}


MEMORY = Path("/dev/shm")  # noqa: S108  # where Linux keeps files in memory
ROOM = 4 << 30
"""Bytes that the tests' databases may need; with that much of it free they are kept in memory, where a commit costs no disk."""


class Missing(Exception):
    """The machine lacks something the tests can't do without."""


def find(program: str) -> Path:
    """Where a program lies. Debian keeps the PostgreSQL server's programs off the PATH."""
    servers = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    path = os.pathsep.join((os.environ.get("PATH", ""), *map(str, servers)))
    for name in (program, *OTHER_NAMES.get(program, ())):
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
    """Install what is missing if this is root on Debian, else say what is missing."""
    packages = [package for program, package in WANTED.items() if is_missing(program)]
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(packages)} ...", file=sys.stderr, flush=True)  # noqa: T201  # a command line
        for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", *packages]):
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            )
            if done.returncode:
                raise Missing(f"{done.stdout.strip()}\n{' '.join(command)} failed; the tests need {', '.join(packages)}.")
    for program in WANTED:
        find(program)


if __name__ == "__main__":
    try:
        provide()
    except Missing as missing:
        sys.exit(str(missing))
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])  # noqa: S606  # becomes what it was asked to run
