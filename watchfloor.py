"""The front door: one command, each subcommand a call into a room."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help", "help"):
        print(_usage())
        return 0 if words else 2
    name, rest = words[0], words[1:]
    if name not in COMMANDS:
        print(f"watchfloor: no command {name!r}\n\n{_usage()}", file=sys.stderr)
        return 2
    from config.errors import ConfigError

    try:
        return COMMANDS[name](rest)
    except ConfigError as error:
        print(f"watchfloor: cannot start:\n{error}", file=sys.stderr)
        return 78  # EX_CONFIG of sysexits.h
    except KeyboardInterrupt:
        return 130


def up(_: list[str]) -> int:
    """start everything of the Procfile, and show the wall"""
    from front.up import up

    return up()


def keep(arguments: list[str]) -> int:
    """run one of the processes for ever: start it again when it falls"""
    from front.keep import keep

    return keep(arguments)


def store(_: list[str]) -> int:
    """the embedded Valkey, or nothing where REDIS_URL names another"""
    from config.settings import settings
    from streams.store import run

    return run(settings())


def ingest(_: list[str]) -> int:
    """the feeds, and the door where documents are posted"""
    from config.logs import configure
    from config.settings import settings
    from ingest.service import serve

    configure(settings().log_level)
    asyncio.run(serve(settings()))
    return 0


def gateway(_: list[str]) -> int:
    """the picture, over WebSocket"""
    from config.logs import configure
    from config.settings import settings
    from dashboard.gateway.gateway import serve

    configure(settings().log_level)
    asyncio.run(serve(settings()))
    return 0


def replay(_: list[str]) -> int:
    """the picture of any instant past, over WebSocket"""
    from config.logs import configure
    from config.settings import settings
    from dashboard.replay.stage import serve

    configure(settings().log_level)
    asyncio.run(serve(settings()))
    return 0


def web(_: list[str]) -> int:
    """the screens"""
    from config.logs import configure
    from config.settings import settings
    from dashboard.app.server import serve

    configure(settings().log_level)
    serve(settings())
    return 0


def read(arguments: list[str]) -> int:
    """read a text and print what it reports, as JSON: read [FILE|-] [--published DATE]"""
    from ingest.reading.command import read_command

    return read_command(arguments)


def import_(arguments: list[str]) -> int:
    """take in history from a table: import sirens FILE | import attacks FILE"""
    from ingest.importing.command import import_command

    return import_command(arguments)


def quarantine(arguments: list[str]) -> int:
    """what could not be taken: quarantine list | show ID | retry ID…"""
    from config.logs import configure
    from config.settings import settings
    from front.quarantine import quarantine_command

    configure(settings().log_level)
    return quarantine_command(arguments)


def picture(arguments: list[str]) -> int:
    """print the picture as JSON: picture [--at INSTANT] [--known-at INSTANT]"""
    from dashboard.api.command import picture_command

    return picture_command(arguments)


def archive(arguments: list[str]) -> int:
    """what was received, for good: archive run | list | verify | export NIGHT FILE | import FILE"""
    from config.logs import configure
    from config.settings import settings
    from front.archive import archive_command

    configure(settings().log_level)
    return archive_command(arguments)


def export(arguments: list[str]) -> int:
    """what a night leaves to carry away: export KIND --from T --to T [--known then|now] -o FILE"""
    from dashboard.exports.command import export_command

    return export_command(arguments)


def user(arguments: list[str]) -> int:
    """accounts and sessions: user add | list | remove | password | sessions | end"""
    from dashboard.access.command import user_command

    return user_command(arguments)


def schema(_: list[str]) -> int:
    """print the JSON Schema of the events"""
    from streams.codec import published_schema

    print(published_schema(), end="")
    return 0


def doctor(_: list[str]) -> int:
    """check settings, data, ports, clock, store and feeds; a line each, with what to do"""
    from front.doctor import doctor

    return doctor()


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    command.__name__.rstrip("_"): command
    for command in (
        up,
        keep,
        store,
        ingest,
        gateway,
        replay,
        web,
        read,
        import_,
        quarantine,
        picture,
        archive,
        export,
        user,
        schema,
        doctor,
    )
}


def _usage() -> str:
    lines = ["usage: watchfloor COMMAND", ""]
    lines += [f"  {name:10} {command.__doc__}" for name, command in COMMANDS.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
