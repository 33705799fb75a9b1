"""One process that builds, trains, starts the dialogue server and the application, and stops both together."""

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from api.processes import Service, SupervisorError, start, stop, supervise, tail, wait_until
from api.settings import Settings

__all__ = [
    "Service",
    "SupervisorError",
    "dialogue_service",
    "prepare",
    "run",
    "start",
    "start_dialogue",
    "stop",
    "supervise",
    "train_dialogue",
    "wait_until",
]

ROOT = Path(__file__).resolve().parent.parent
BOT = ROOT / "bot"

Progress = Callable[[str], None]
Build = Callable[[Settings, Progress], object]


def say(text: str) -> None:
    """Tell the operator one line."""
    print(text, flush=True)


def run(settings: Settings, build: Build, progress: Progress = say) -> int:
    """Build, train, start and watch; 0 after Ctrl-C or SIGTERM, 1 after a fault."""
    handled = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    previous = {number: signal.signal(number, _interrupt) for number in handled}
    try:
        settings = prepare(settings)
        build(settings, progress)
        services = [application_service(settings)]
        if has_dialogue(settings):
            train_dialogue(settings, progress)
            services.append(dialogue_service(settings))
        else:
            progress("Rasa's environment (.venv-rasa) is missing: answering without dialogue context. `make setup` makes it.")
        progress("Starting " + " and ".join(service.name for service in services))
        return supervise(services, lambda: progress(f"Puente is ready: {address(settings)} (Ctrl-C stops it)"))
    except (SupervisorError, OSError) as fault:
        print(f"puente: {fault}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def prepare(settings: Settings) -> Settings:
    """The settings with an absolute data folder, a token and free ports; a SupervisorError where a port is taken."""
    port = free_port(settings.host, settings.port, "PUENTE_PORT")
    if has_dialogue(settings):
        free_port("127.0.0.1", settings.dialogue_port, "PUENTE_DIALOGUE_PORT")
    data = settings.data.resolve()
    (data / "logs").mkdir(parents=True, exist_ok=True)
    token = settings.dialogue_token or secrets.token_urlsafe(32)
    return settings.model_copy(update={"port": port, "data": data, "dialogue_token": token})


def free_port(host: str, port: int, setting: str) -> int:
    """The port, or any free one for 0; a SupervisorError that names the setting where it cannot be had."""
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            chosen: int = probe.getsockname()[1]
            return chosen
    except OSError as fault:
        raise SupervisorError(
            f"cannot listen on port {port} of {host} ({fault.strerror}). Stop what uses it, or set {setting} to another port."
        ) from fault


def address(settings: Settings) -> str:
    """Where a browser on this machine finds the application."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def application_service(settings: Settings) -> Service:
    """The application under uvicorn; every setting travels by environment, no address with a question is logged."""
    environment = dict(os.environ)
    for name, value in settings.model_dump(exclude_none=True).items():
        environment[f"PUENTE_{name.upper()}"] = str(value)
    command = [sys.executable, "-m", "uvicorn", "api.app:create_app", "--factory", "--host", settings.host]
    command += ["--port", str(settings.port), "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "5"]
    return Service("the application", command, f"{address(settings)}/health/live", environment)


def rasa_python(settings: Settings) -> Path:
    """The interpreter of Rasa's environment."""
    return settings.rasa_python or ROOT / ".venv-rasa" / "bin" / "python"


def has_dialogue(settings: Settings) -> bool:
    """Whether Rasa's environment is there; one that was named must be."""
    found = rasa_python(settings).exists()
    if not found and settings.rasa_python is not None:
        raise SupervisorError(f"PUENTE_RASA_PYTHON is {settings.rasa_python}, and there is no such file.")
    return found


def rasa_environment(settings: Settings) -> dict[str, str]:
    """Rasa's variables: quiet, deterministic, without the application's secrets; errors are logged, texts are not."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PUENTE_")}
    return environment | {
        "LOG_LEVEL": "ERROR",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "PUENTE_DIALOGUE_TOKEN": settings.dialogue_token or "",
        "PUENTE_TRACKER_DB": str(settings.data.resolve() / "tracker.db"),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": ".",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_WORKERS": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def dialogue_model(settings: Settings) -> Path:
    """The trained model's file."""
    return settings.data.resolve() / "dialogue" / "models" / "puente.tar.gz"


def dialogue_fingerprint(settings: Settings) -> str:
    """A hash of everything that Rasa's training reads."""
    folders = [(BOT / "data", "data"), (BOT / "components", "components")]
    folders.append((settings.data / "dialogue" / "training", "training"))
    files = [(path, path.name) for path in (ROOT / "config.yml", BOT / "domain.yml", ROOT / "requirements" / "dialogue.txt")]
    for folder, name in folders:
        paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        files += [(path, f"{name}/{path.relative_to(folder)}") for path in paths]
    digest = hashlib.sha256()
    for path, label in sorted(files, key=lambda pair: pair[1]):
        digest.update(f"{label}\0{_hash(path)}\0".encode())
    return digest.hexdigest()


def train_dialogue(settings: Settings, progress: Progress = say) -> Path:
    """Train Rasa where its inputs or its model changed; the old model stays in place until the new one is complete."""
    model = dialogue_model(settings)
    stamp = model.with_name("puente.stamp")
    inputs = dialogue_fingerprint(settings)
    if model.is_file() and stamp.is_file() and stamp.read_text() == f"{inputs} {_hash(model)}":
        return model
    progress("Training the dialogue model (once, under a minute)")
    home = settings.data.resolve()
    for folder in (model.parent, home / "logs"):
        folder.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="training-", dir=home / "dialogue"))
    extra = home / "dialogue" / "training"
    command = [
        str(rasa_python(settings).absolute()),
        "-m",
        "rasa",
        "train",
        "--config",
        "../config.yml",
        "--domain",
        "domain.yml",
    ]
    command += ["--data", "data", *([str(extra)] if extra.is_dir() else [])]
    command += ["--out", str(scratch), "--fixed-model-name", "puente"]
    caching = {"RASA_CACHE_DIRECTORY": str(scratch / "cache"), "RASA_MAX_CACHE_SIZE": "0"}
    log = home / "logs" / "dialogue-train.log"
    try:
        child = start(Service("training", command, "", rasa_environment(settings) | caching, BOT, log))
        try:
            code = child.wait()
        finally:
            stop([child])
        made = scratch / "puente.tar.gz"
        if code or not made.is_file():
            raise SupervisorError(f"training the dialogue model failed; the end of {log}:\n{tail(log)}")
        stamp.unlink(missing_ok=True)
        made.replace(model)
        stamp.write_text(f"{inputs} {_hash(model)}")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return model


def dialogue_service(settings: Settings) -> Service:
    """Rasa's server, on loopback, without its own HTTP interface: only the application's channel, which asks for the token."""
    command = [str(rasa_python(settings).absolute()), "-m", "rasa", "run", "--model", str(dialogue_model(settings))]
    command += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    command += ["--interface", "127.0.0.1", "--port", str(settings.dialogue_port)]
    log = settings.data.resolve() / "logs" / "dialogue.log"
    return Service("Rasa", command, f"http://127.0.0.1:{settings.dialogue_port}/", rasa_environment(settings), BOT, log)


def start_dialogue(settings: Settings) -> subprocess.Popen[bytes]:
    """Start Rasa alone with a trained model and the token of `settings`; end it with `stop`."""
    return start(dialogue_service(settings))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
