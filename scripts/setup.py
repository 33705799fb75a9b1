"""Makes the two environments: .venv (the application, Python 3.11+) and .venv-rasa (Rasa, Python 3.10).

Standard library only. An environment whose stamp matches its lock, its interpreter and this checkout is left alone.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEARTBEAT_S = 30
NEEDS = "import sys, venv, ensurepip, ssl, sqlite3; print('%d.%d' % sys.version_info[:2])"


class SetupError(Exception):
    """A fault in the set-up, with its remedy."""


@dataclass(frozen=True)
class Environment:
    """One environment: its folder, the Pythons it accepts (best first), its tools and its lock."""

    name: str
    folder: str
    versions: tuple[str, ...]
    tools: tuple[str, ...]
    lock: str
    editable: bool

    @property
    def path(self) -> Path:
        """The environment's folder."""
        return ROOT / self.folder

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.path / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """The file that says what is installed."""
        return self.path / ".puente-stamp"


# Rasa's old dependencies are source archives that only pip before 25 builds without a pyproject.toml.
ENVIRONMENTS = (
    Environment("application", ".venv", ("3.11", "3.12", "3.13"), ("pip==26.3",), "requirements/app.txt", True),
    Environment(
        "dialogue",
        ".venv-rasa",
        ("3.10",),
        ("pip==24.3.1", "setuptools==70.3.0", "wheel==0.45.1"),
        "requirements/dialogue.txt",
        False,
    ),
)


def say(text: str) -> None:
    """One line of progress."""
    print(f"setup: {text}", flush=True)


def candidates(version: str) -> Iterator[Path]:
    """Every place where a Python of this version may be, best first."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if folder and not Path(folder).resolve().is_relative_to(ROOT):
            yield Path(folder) / f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version}*/bin/python"), reverse=True)
    if uv := shutil.which("uv"):
        found = subprocess.run([uv, "python", "find", "--no-project", version], capture_output=True, text=True, check=False)
        if found.returncode == 0 and found.stdout.strip():
            yield Path(found.stdout.strip())


def works(python: Path, version: str) -> bool:
    """Whether this file runs, is of this version and can make environments."""
    if not os.access(python, os.X_OK):
        return False
    try:
        ran = subprocess.run([str(python), "-c", NEEDS], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0 and ran.stdout.strip() == version


def find_python(environment: Environment) -> Path:
    """The best interpreter for an environment; a SetupError that says what to install where there is none."""
    for version in environment.versions:
        for python in candidates(version):
            if works(python, version):
                return python
    wanted = environment.versions[0]
    newer = f" (or {', '.join(environment.versions[1:])})" if environment.versions[1:] else ""
    raise SetupError(
        f"no working Python {wanted}{newer} found for {environment.folder}; it needs the modules venv, ensurepip, ssl and "
        f"sqlite3.\n  Looked for python{wanted} on PATH, in pyenv's versions and by uv. Install it one of these ways and run "
        f"again:\n    pyenv install {wanted}\n    uv python install {wanted}\n"
        f"    your system's packages, for example: apt-get install python{wanted} python{wanted}-venv"
    )


def installed_version(environment: Environment) -> str:
    """The full Python version of an existing environment, or an empty text."""
    config = environment.path / "pyvenv.cfg"
    if not environment.python.exists() or not config.is_file():
        return ""
    values = dict(line.split(" = ", 1) for line in config.read_text().splitlines() if " = " in line)
    return values.get("version", "")


def fingerprint(environment: Environment) -> str:
    """What decides the content of an environment, as one hash."""
    digest = hashlib.sha256()
    parts = [installed_version(environment), str(ROOT), *environment.tools, (ROOT / environment.lock).read_text()]
    if environment.editable:
        parts.append((ROOT / "pyproject.toml").read_text())
    for part in parts:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def is_current(environment: Environment) -> bool:
    """Whether the environment is complete and matches its lock."""
    if not installed_version(environment) or not environment.stamp.is_file():
        return False
    return environment.stamp.read_text() == fingerprint(environment)


def call(environment: Environment, command: list[str]) -> None:
    """Run a command quietly; its output is shown only when it fails."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise SetupError(f"{environment.folder}: `{' '.join(command)}` failed:\n{done.stdout.rstrip()[-4000:]}")


def install(environment: Environment) -> None:
    """Make the environment and install exactly its lock."""
    started = time.monotonic()
    if not installed_version(environment).startswith(tuple(f"{v}." for v in environment.versions)):
        python = find_python(environment)
        say(f"{environment.folder}: making it with {python}")
        call(environment, [str(python), "-m", "venv", "--clear", str(environment.path)])
    environment.stamp.unlink(missing_ok=True)
    say(f"{environment.folder}: installing {environment.lock} (minutes the first time)")
    pip = [str(environment.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    call(environment, [*pip, "--upgrade", *environment.tools])
    call(environment, [*pip, "-r", environment.lock])
    if environment.editable:
        call(environment, [*pip, "--no-deps", "--no-build-isolation", "-e", "."])
    environment.stamp.write_text(fingerprint(environment))
    say(f"{environment.folder}: ready after {time.monotonic() - started:.0f} s")


def install_all(environments: list[Environment]) -> list[str]:
    """Install side by side; returns the faults."""
    faults: list[str] = []

    def work(environment: Environment) -> None:
        try:
            install(environment)
        except (SetupError, OSError) as fault:
            faults.append(str(fault))

    threads = [threading.Thread(target=work, args=(e,), name=e.folder, daemon=True) for e in environments]
    for thread in threads:
        thread.start()
    started = reported = time.monotonic()
    while running := [t.name for t in threads if t.is_alive()]:
        time.sleep(0.2)
        if time.monotonic() - reported >= HEARTBEAT_S:
            reported = time.monotonic()
            say(f"still installing {' and '.join(running)} ({reported - started:.0f} s)")
    return faults


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the set-up's lock, so that two runs do not install into one environment."""
    with (ROOT / ".setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up of this checkout")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Bring both environments up to date; 0 when both are."""
    if sys.version_info < (3, 10):
        print("setup: run this script with Python 3.10 or newer.", file=sys.stderr)
        return 1
    with one_at_a_time():
        outdated = [e for e in ENVIRONMENTS if not is_current(e)]
        for fault in install_all(outdated) if outdated else []:
            print(f"setup: {fault}", file=sys.stderr)
        return 0 if all(is_current(e) for e in ENVIRONMENTS) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
