"""The command line: python -m app serve | migrate | recount | demo | user | token."""

import os
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvicorn
from pydantic import ValidationError

from app.errors import Invalid, Refusal
from app.main import create_app
from app.models import Role
from app.services import accounts, demo, history
from app.settings import Settings
from app.store import Database, Store, migrate
from app.web.deps import utc_now

commands = typer.Typer(help="Hinge Coach: guided hip hinge progression.", no_args_is_help=True, add_completion=False)
user_commands = typer.Typer(help="People who sign in.", no_args_is_help=True)
demo_commands = typer.Typer(help="The demo studios.", no_args_is_help=True)
commands.add_typer(user_commands, name="user")
commands.add_typer(demo_commands, name="demo")

FIRST_STEP = (
    "Nobody can sign in yet. Add yourself, and open the link that this prints:\n"
    '  python -m app user add YOU@STUDIO.EXAMPLE --name YOU --role trainer --role admin --studio "MY STUDIO" --timezone Europe/Madrid'
)


def stop(sentence: str) -> NoReturn:
    """One clear line, exit 1."""
    print(f"hinge: {sentence}", file=sys.stderr)
    raise SystemExit(1)


def read_settings(**more: object) -> Settings:
    try:
        return Settings(**more)  # type: ignore[arg-type]  # the field types are pydantic's to check
    except ValidationError as error:
        first = error.errors()[0]
        stop(f"HINGE_{str(first['loc'][0]).upper()}: {first['msg'].removeprefix('Value error, ')}")


def prepare(settings: Settings) -> None:
    """Make the data folder (mode 700) where it is needed, and bring the database up to date; nothing is left half made."""
    folder, made = settings.data_dir.absolute(), list[Path]()
    try:
        made += (one for one in (folder, *folder.parents) if not one.exists())
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        _take_back(made)
        stop(f"the data folder {settings.data_dir} can't be written: {error.strerror}. Set HINGE_DATA_DIR to one that can.")
    try:
        migrate.upgrade(settings.database)
    except migrate.Unreachable as error:
        _take_back(made)
        stop(f"the database can't be opened: {error}. Look at HINGE_DATABASE_URL.")


def _take_back(made: Iterable[Path]) -> None:
    """Remove the folders that were just made, the innermost first, and the database that was not."""
    for folder in made:
        with suppress(OSError):
            for left in folder.glob("hinge.sqlite3*"):
                if left.stat().st_size == 0:
                    left.unlink()
            folder.rmdir()


@contextmanager
def working(*, writes: bool = True) -> Iterator[tuple[Store, Settings]]:
    """One transaction for a command; a refusal becomes its one line."""
    settings = read_settings()
    prepare(settings)
    database = Database.at(settings.database, connections=1)
    try:
        with database.work(writes=writes) as store:
            yield store, settings
    except Invalid as refusal:
        stop(" ".join(error.message for error in refusal.errors))
    except Refusal as refusal:
        stop(str(refusal))
    finally:
        database.close()


def first_step(settings: Settings) -> tuple[str, ...]:
    """How the first person comes in, as long as there is nobody."""
    database = Database.at(settings.database, connections=1)
    try:
        with database.work(writes=False) as store:
            return () if store.accounts.studios() else (FIRST_STEP,)
    finally:
        database.close()


@commands.command()
def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    with_demo: Annotated[
        bool, typer.Option("--demo", help="Load the demo studios when the database is empty, and print their sign-ins.")
    ] = False,
    trusted_proxy: Annotated[str | None, typer.Option(help="Address of the proxy whose X-Forwarded headers count.")] = None,
) -> None:
    """Bring the database up to date and serve."""
    settings = read_settings() if "HINGE_PUBLIC_URL" in os.environ else read_settings(public_url=f"http://127.0.0.1:{port}")
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # bound alone, a second start could still bind it too
    except OSError as error:
        stop(f"port {port} on {host} can't be used: {error.strerror}. Choose another with --port.")
    prepare(settings)
    lines = demo.load_if_empty(settings, utc_now()) if with_demo else first_step(settings)
    print(f"Hinge Coach: {settings.public_url}", *lines, sep="\n", flush=True)
    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,
        proxy_headers=trusted_proxy is not None,
        forwarded_allow_ips=trusted_proxy,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[listener])


@commands.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date."""
    prepare(read_settings())
    print("The database is up to date.")


@commands.command()
def recount() -> None:
    """Sum every client's history up anew from its log; what is summed up is never the truth, and may be made again at any time."""
    with working() as (store, _):
        counted = history.recount_all(store, utc_now())
    print(f"Counted anew: {counted} {'client' if counted == 1 else 'clients'}.")


@demo_commands.command("load")
def demo_load() -> None:
    """Load the demo studios into an empty database."""
    settings = read_settings()
    prepare(settings)
    print(*demo.load_if_empty(settings, utc_now()), sep="\n")


@demo_commands.command("remove")
def demo_remove() -> None:
    """Remove the demo studios with all that is in them."""
    with working() as (store, settings):
        removed = demo.remove(store, settings)
    print("The demo is gone." if removed else "There is no demo here.")


@user_commands.command("add")
def user_add(
    email: str,
    name: Annotated[str, typer.Option(help="Her name.")],
    role: Annotated[list[Role], typer.Option(help="trainer, admin; may be given twice.")],
    studio: Annotated[str | None, typer.Option(help="The studio's name; a new one is made when there is none of that name.")] = None,
    timezone: Annotated[str, typer.Option(help="A new studio's time zone, such as Europe/Madrid.")] = "UTC",
) -> None:
    """Add a trainer or admin, and print a link with which she sets her password."""
    with working() as (store, settings):
        at = utc_now()
        _, token = accounts.add_from_shell(store, studio, timezone, name, email, frozenset(role), at)
    print(f"{settings.public_url}/reset/{token}")


@user_commands.command("reset")
def user_reset(email: str) -> None:
    """Print a single-use link for a new password, good for a day."""
    with working() as (store, settings):
        _, token = accounts.reset_from_shell(store, email, utc_now())
    print(f"{settings.public_url}/reset/{token}")


@commands.command(
    "token",
    help="token EMAIL [--days N] prints a new token; token list EMAIL; token revoke ID.",
)
def token_command(
    what: Annotated[str, typer.Argument(metavar="EMAIL | list | revoke")],
    which: Annotated[str | None, typer.Argument(metavar="[EMAIL | ID]")] = None,
    days: Annotated[int, typer.Option(help="How long it lasts.", min=1, max=3650)] = 90,
) -> None:
    """Tokens for programs: make one, list them, revoke one."""
    if what in ("list", "revoke") and which is None:
        stop(f"say whose: token {what} " + ("EMAIL" if what == "list" else "ID"))
    with working() as (store, _):
        at = utc_now()
        match what:
            case "list":
                for row in accounts.tokens_of(store, which or ""):
                    state = "revoked" if row.revoked_at else "ended" if row.ends_at <= at else "good"
                    print(f"{row.id}\t{state}\tmade {row.created_at:%Y-%m-%d}\tends {row.ends_at:%Y-%m-%d}")
                return
            case "revoke":
                if not (which or "").isdigit():
                    stop("say which: the number that token list shows")
                accounts.revoke_token(store, int(which or "0"), at)
                print("revoked")
                return
            case _:
                token = accounts.make_token(store, what, days, at)
    print(token)


if __name__ == "__main__":
    commands()
