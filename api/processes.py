"""Child processes that live and die together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

READY_S = 600.0  # an index that must be rebuilt at start takes minutes
STOP_S = 10.0
PR_SET_PDEATHSIG = 1  # prctl(2)
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

Child = subprocess.Popen[bytes]


class SupervisorError(Exception):
    """A fault that stops the product, in one sentence for the operator."""


@dataclass(frozen=True)
class Service:
    """A child process: how to start it, and the address that answers once it is ready."""

    name: str
    command: Sequence[str]
    ready: str
    environment: dict[str, str]
    folder: Path | None = None
    log: Path | None = None


def start(service: Service) -> Child:
    """Start a child in a session of its own, that ends with this process however this process ends."""
    parent = os.getpid()

    def die_with_parent() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)

    if service.log is None:
        return _spawn(service, None, die_with_parent)
    service.log.parent.mkdir(parents=True, exist_ok=True)
    if service.log.exists():
        service.log.replace(service.log.with_name(service.log.name + ".1"))
    with service.log.open("wb") as output:
        return _spawn(service, output.fileno(), die_with_parent)


def supervise(services: Iterable[Service], when_ready: Callable[[], None], timeout: float = READY_S) -> int:
    """Start the services, say when all are ready, and watch; the first to die, or an interrupt, stops all."""
    children: list[tuple[Service, Child]] = []
    try:
        for service in services:
            children.append((service, start(service)))
        for service, _ in children:
            if not wait_until(service.ready, timeout, lambda: _dead(children) is None) and _dead(children) is None:
                raise SupervisorError(f"{service.name} was not ready after {timeout:.0f} seconds.{_log_end(service)}")
        if _dead(children) is None:
            when_ready()
        while (dead := _dead(children)) is None:
            time.sleep(0.2)
        service, code = dead
        raise SupervisorError(f"{service.name} stopped ({_reason(code)}), so everything was stopped.{_log_end(service)}")
    finally:
        stop([child for _, child in children])


def wait_until(url: str, timeout: float, alive: Callable[[], bool] = lambda: True) -> bool:
    """Whether the address answers 200 before the time is over, or before `alive` says no."""
    deadline = time.monotonic() + timeout
    with httpx.Client(trust_env=False, timeout=2.0) as client:
        while time.monotonic() < deadline and alive():
            with suppress(httpx.HTTPError):
                if client.get(url).status_code == 200:
                    return True
            time.sleep(0.1)
    return False


def stop(children: Sequence[Child], patience: float = STOP_S) -> None:
    """End children and all that they started: ask first, force what stays."""
    in_main = threading.current_thread() is threading.main_thread()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if in_main else ()
    previous = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        for child in children:
            if child.poll() is None:
                _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + patience
        for child in children:
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, deadline - time.monotonic()))
            _signal_group(child, signal.SIGKILL)
            child.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _spawn(service: Service, output: int | None, before: Callable[[], None]) -> Child:
    return subprocess.Popen(
        list(service.command),
        cwd=service.folder,
        env=service.environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=before,
    )


def _signal_group(child: Child, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def _dead(children: Sequence[tuple[Service, Child]]) -> tuple[Service, int] | None:
    for service, child in children:
        if (code := child.poll()) is not None:
            return service, code
    return None


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"


def _log_end(service: Service) -> str:
    if service.log is None or not (end := tail(service.log)):
        return ""
    return f" The end of {service.log}:\n{end}"
