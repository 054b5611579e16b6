"""The command `watchfloor user`: accounts and their sessions, from this machine's terminal."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import getpass
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from config.settings import settings
from dashboard.access.accounts import Account, AccountError, Accounts, new_wall_token
from dashboard.access.audit import Audit
from dashboard.access.passwords import hashed
from dashboard.access.roles import ROLES
from dashboard.access.sessions import SHOWN, Sessions
from streams.errors import StoreError
from streams.store import connect


class _Desk(NamedTuple):
    accounts: Accounts
    sessions: Sessions
    audit: Audit


def user_command(arguments: list[str]) -> int:
    """Do it; 0, or 1 where the store is away, 2 where what is asked for cannot be."""
    try:
        given = _parser().parse_args(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    try:
        return asyncio.run(_do(given))
    except ValueError as error:
        print(f"watchfloor user: {error}", file=sys.stderr)
        return 2
    except StoreError as error:
        print(f"watchfloor user: the store is out of reach: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="watchfloor user", description="Accounts and their sessions.")
    acts = parser.add_subparsers(dest="act", required=True)
    add = acts.add_parser("add", help="make an account; the password is asked for, or read from stdin")
    add.add_argument("name")
    add.add_argument("--role", choices=ROLES, default="viewer", help="wall: a token instead of a password")
    acts.add_parser("list", help="every account")
    acts.add_parser("remove", help="remove an account and end its sessions").add_argument("name")
    acts.add_parser("password", help="another password or token; ends its sessions").add_argument("name")
    acts.add_parser("sessions", help="who is signed in").add_argument("name", nargs="?")
    end = acts.add_parser("end", help="end sessions")
    end.add_argument("session", nargs="*", help="as `sessions` shows it")
    end.add_argument("--all", metavar="NAME", help="every session of an account")
    return parser


async def _do(given: argparse.Namespace) -> int:
    async with _desk() as desk:
        match given.act:
            case "add":
                await _add(desk, given.name, given.role)
            case "password":
                await _password(desk, given.name)
            case "remove":
                await desk.sessions.end_all(given.name)
                await desk.accounts.remove(given.name)
                await _write(desk, f"removed account {given.name}", given.name)
            case "list":
                for account in await desk.accounts.all():
                    print(f"{account.name:24} {account.role:8} since {account.created_at:%Y-%m-%d}")
            case "sessions":
                await _sessions(desk, given.name)
            case _:
                await _end(desk, given.session, given.all)
    return 0


@asynccontextmanager
async def _desk() -> AsyncIterator[_Desk]:
    here = settings()
    client = connect(here.store_url)
    try:
        yield _Desk(Accounts(client), Sessions(client), Audit(client, here))
    finally:
        await client.aclose()


async def _add(desk: _Desk, name: str, role: str) -> None:
    if await desk.accounts.find(name) is not None:
        raise AccountError(f"there is an account {name} already")
    token, secret = _secret(name, role)
    account = await desk.accounts.add(name, next(one for one in ROLES if one == role), secret)
    await _write(desk, f"added account {name} with role {role}", name)
    _tell(account, token)


async def _password(desk: _Desk, name: str) -> None:
    account = await _account(desk, name)
    token, secret = _secret(name, account.role)
    await desk.accounts.set_secret(name, secret)
    await desk.sessions.end_all(name)
    await _write(desk, f"changed the {'token' if token else 'password'} of account {name}", name)
    _tell(account, token)


async def _account(desk: _Desk, name: str) -> Account:
    account = await desk.accounts.find(name)
    if account is None:
        raise AccountError(f"there is no account {name}")
    return account


async def _sessions(desk: _Desk, name: str | None) -> None:
    accounts = [await _account(desk, name)] if name else await desk.accounts.all()
    for account in accounts:
        for session, kept in (await desk.sessions.of(account.name)).items():
            since = dt.datetime.fromtimestamp(kept.created_at, dt.UTC)
            agent = "".join(letter for letter in kept.agent if letter.isprintable())
            print(f"{session[:SHOWN]} {account.name:16} since {since:%Y-%m-%d %H:%MZ} {kept.address} {agent}")


async def _end(desk: _Desk, beginnings: list[str], everything_of: str | None) -> None:
    if everything_of:
        await _account(desk, everything_of)
        print(f"{await desk.sessions.end_all(everything_of)} ended")
        await _write(desk, f"ended every session of {everything_of}", everything_of)
    elif not beginnings:
        raise ValueError("name a session, or --all NAME")
    for beginning in beginnings:
        found = [
            (account.name, session)
            for account in await desk.accounts.all()
            for session in await desk.sessions.of(account.name)
            if len(beginning) >= SHOWN and session.startswith(beginning)
        ]
        if len(found) != 1:
            raise ValueError(f"there is no session {beginning[:64]!r}")
        name, session = found[0]
        await desk.sessions.end(name, session)
        await _write(desk, f"ended session {session[:SHOWN]} of {name}", name)
        print(f"{session[:SHOWN]} ended")


async def _write(desk: _Desk, note: str, name: str) -> None:
    await desk.audit.write(f"{getpass.getuser()} at the terminal", note, f"account:{name}")


def _secret(name: str, role: str) -> tuple[str, str]:
    """A wall's token, empty for others, and what is kept."""
    return new_wall_token(name) if role == "wall" else ("", hashed(_asked_password()))


def _asked_password() -> str:
    """The password, never from the arguments, where every process could read it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise ValueError("the two are not the same")
    return password


def _tell(account: Account, token: str) -> None:
    if not token:
        print(f"{account.name} can sign in as {account.role}")
        return
    print(f"This token is shown once. A kiosk opens {settings().url}/sign-in?next=/wall#wall={token}")
