"""A PostgreSQL server of our own, in a temporary folder, on loopback, without rights over the machine.

    python tests/postgresql_server.py [SETTING=VALUE ...]

prints an address and serves until it is stopped; ``EPIGUARD_TEST_POSTGRESQL`` then hands it to the tests.
Without that variable they start a server of their own wherever its programs are installed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

#: Names a server that is running already, by an address of a database in which schemas may be made.
VARIABLE = "EPIGUARD_TEST_POSTGRESQL"

#: Whom a server that root starts runs as: it refuses to run as root. Debian's package makes this user.
USER = "postgres"

PASSWORD = "Ka1-" + secrets.token_hex(8)


def programs() -> Path | None:
    """The folder of the server's programs; nothing where it is not installed."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True
    )
    on_path = shutil.which("initdb")
    folders = [*debian, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextlib.contextmanager
def server(*options: str) -> Iterator[str]:
    """Start a server, give the address of its database, and stop it.

    Args:
        options: Settings, for example ``"fsync=off"``.

    Raises:
        LookupError: If its programs are not installed.
    """
    folder = programs()
    if folder is None:
        raise LookupError("PostgreSQL is not installed; Debian: apt-get install postgresql")
    # Not below pytest's own folder, which only its owner may enter.
    with tempfile.TemporaryDirectory(prefix="epiguard-postgresql-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        (home / "password").write_text(PASSWORD, encoding="utf-8")
        lower: list[str] = []
        if os.geteuid() == 0:
            for path in (home, home / "password"):
                shutil.chown(path, USER, USER)
            lower = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        make = f"{folder}/initdb --no-sync --encoding UTF8 --auth scram-sha-256 --username guard".split()
        make += ["--pwfile", f"{home}/password", "--pgdata", f"{home}/data"]
        subprocess.run([*lower, *make], env=environment, cwd=home, check=True, stdout=subprocess.DEVNULL)
        port = _free_port()
        serve = [f"{folder}/postgres", "-D", f"{home}/data"]
        for each in (
            f"port={port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={home}",
            *options,
        ):
            serve += ["-c", each]
        with (home / "log").open("wb") as log:
            running = subprocess.Popen([*lower, *serve], env=environment, cwd=home, stdout=log, stderr=log)
            try:
                _wait(folder, port, running, home / "log")
                yield f"postgresql://guard:{quote(PASSWORD)}@127.0.0.1:{port}/postgres"
            finally:
                running.send_signal(signal.SIGINT)  # "fast": it does not wait for those who are connected
                running.wait(60)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait(folder: Path, port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    asked = [f"{folder}/pg_isready", "--quiet", "--host=127.0.0.1", f"--port={port}", "--timeout=30"]
    while subprocess.run(asked, check=False).returncode:
        if running.poll() is not None:
            raise RuntimeError(log.read_text(encoding="utf-8", errors="replace"))


def main() -> int:
    """Serve until somebody says stop; with ``--programs`` only say whether the server is installed."""
    if sys.argv[1:] == ["--programs"]:
        folder = programs()
        print(folder or "PostgreSQL is not installed")  # noqa: T201 - what it is asked for
        return 0 if folder else 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), server(*sys.argv[1:]) as address:
        print(address, flush=True)  # noqa: T201 - what it is asked for
        signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
