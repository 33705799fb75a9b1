"""The supervisor with real child processes."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from api import supervisor
from api.processes import Service, SupervisorError, start, stop, supervise, tail, wait_until
from api.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SERVER = """
import http.server, os, pathlib, sys
pathlib.Path(sys.argv[2]).write_text(str(os.getpid()))
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *args): pass
print("serving", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVER
DYING = """
import sys, time
print("the reason", flush=True)
time.sleep(float(sys.argv[1])); sys.exit(3)
"""
NOWHERE = "http://127.0.0.1:1/"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def server(folder: Path, name: str, script: str = SERVER) -> Service:
    port = free_port()
    (folder / f"{name}.py").write_text(script)
    command = [sys.executable, str(folder / f"{name}.py"), str(port), str(folder / f"{name}.pid")]
    return Service(name, command, f"http://127.0.0.1:{port}/", dict(os.environ), folder, folder / f"{name}.log")


def dying(folder: Path, after: float, ready: str = NOWHERE) -> Service:
    (folder / "dying.py").write_text(DYING)
    command = [sys.executable, str(folder / "dying.py"), str(after)]
    return Service("dying", command, ready, dict(os.environ), folder, folder / "dying.log")


def until(check: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.05)
    return False


def pid_of(folder: Path, name: str) -> int:
    path = folder / f"{name}.pid"
    assert until(lambda: path.is_file() and path.read_text() != "")
    return int(path.read_text())


def gone(pid: int) -> bool:
    """Whether a process has ended (a zombie that nobody waits for counts as ended)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_a_service_that_dies_before_it_is_ready_stops_the_other(tmp_path: Path) -> None:
    with pytest.raises(SupervisorError, match=r"dying stopped \(exit status 3\)(.|\n)*the reason"):
        supervise([server(tmp_path, "one"), dying(tmp_path, 1.0)], lambda: pytest.fail("not ready"), 30)
    assert gone(pid_of(tmp_path, "one"))


def test_a_service_that_dies_later_stops_the_other(tmp_path: Path) -> None:
    one = server(tmp_path, "one")
    ready: list[float] = []
    with pytest.raises(SupervisorError, match="dying stopped"):
        supervise([one, dying(tmp_path, 2.0, one.ready)], lambda: ready.append(time.monotonic()), 30)
    assert len(ready) == 1
    assert gone(pid_of(tmp_path, "one"))


def test_a_service_that_never_answers_is_named(tmp_path: Path) -> None:
    with pytest.raises(SupervisorError, match="dying was not ready after 1 seconds"):
        supervise([dying(tmp_path, 60)], lambda: None, 1)


def test_what_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    service = server(tmp_path, "stubborn", STUBBORN)
    child = start(service)
    assert wait_until(service.ready, 20)
    stop([child], patience=0.3)
    assert child.returncode == -signal.SIGKILL


def test_each_start_keeps_the_log_of_the_one_before(tmp_path: Path) -> None:
    service = server(tmp_path, "one")
    for _ in range(2):
        child = start(service)
        assert wait_until(service.ready, 20)
        stop([child])
    assert tail(tmp_path / "one.log") == "serving"
    assert tail(tmp_path / "one.log.1") == "serving"


def parent(folder: Path) -> subprocess.Popen[str]:
    """A supervisor in a process of its own, with two stub services in place of Rasa and the application."""
    script = """
        import sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[1])
        from api import supervisor
        from api.settings import Settings
        from tests_stub import server
        folder = Path(sys.argv[2])
        supervisor.application_service = lambda settings: server(folder, "application")
        supervisor.dialogue_service = lambda settings: server(folder, "dialogue")
        supervisor.train_dialogue = lambda settings, progress: None
        supervisor.has_dialogue = lambda settings: True
        settings = Settings(data=folder / "data", port=0, dialogue_port=int(sys.argv[3]))
        sys.exit(supervisor.run(settings, lambda settings, progress: progress("Built")))
    """
    (folder / "tests_stub.py").write_text(Path(__file__).read_text())
    (folder / "parent.py").write_text(textwrap.dedent(script))
    command = [sys.executable, str(folder / "parent.py"), str(ROOT), str(folder), str(free_port())]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_until_ready(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or "ready" not in lines[-1]:
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        lines.append(line.strip())
    return lines


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_both_and_exits_0(tmp_path: Path, number: signal.Signals) -> None:
    process = parent(tmp_path)
    lines = read_until_ready(process)
    children = [pid_of(tmp_path, name) for name in ("application", "dialogue")]
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")
    assert lines[0] == "Built"
    assert lines[-1].startswith("Puente is ready: http://127.0.0.1:")
    assert all(gone(pid) for pid in children)


def test_a_child_that_is_killed_ends_all_with_1_and_a_clear_line(tmp_path: Path) -> None:
    process = parent(tmp_path)
    read_until_ready(process)
    os.kill(pid_of(tmp_path, "dialogue"), signal.SIGKILL)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert err.startswith("puente: dialogue stopped (signal SIGKILL), so everything was stopped.")
    assert gone(pid_of(tmp_path, "application"))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends the children of a killed parent")
def test_children_never_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    process = parent(tmp_path)
    read_until_ready(process)
    children = [pid_of(tmp_path, name) for name in ("application", "dialogue")]
    process.kill()
    process.communicate(timeout=30)
    assert until(lambda: all(gone(pid) for pid in children))


def test_a_port_in_use_is_said_before_anything_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = Settings(data=tmp_path / "data", port=port)
        assert supervisor.run(settings, lambda settings, progress: pytest.fail("built")) == 1
    assert f"cannot listen on port {port} of 127.0.0.1 (Address already in use)" in (err := capsys.readouterr().err)
    assert "PUENTE_PORT" in err
    assert not (tmp_path / "data").exists()


def test_a_named_but_missing_rasa_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data=tmp_path / "data", port=0, rasa_python=tmp_path / "none")
    assert supervisor.run(settings, lambda settings, progress: None) == 1
    assert "PUENTE_RASA_PYTHON" in capsys.readouterr().err


def stub_rasa(folder: Path, body: str) -> Path:
    """A stand-in for Rasa's interpreter: `python -m rasa train ... --out FOLDER ...`."""
    path = folder / "python"
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(0o755)
    return path


TRAINS = """
while [ "$1" != --out ]; do shift; done
echo trained >> "$(dirname "$2")/count"; date +%N > "$2/puente.tar.gz"
"""


def test_training_is_repeated_only_when_its_inputs_or_its_model_changed(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", rasa_python=stub_rasa(tmp_path, TRAINS))
    count = tmp_path / "data" / "dialogue" / "count"
    told: list[str] = []

    def trained() -> int:
        model = supervisor.train_dialogue(settings, told.append)
        assert model == tmp_path / "data" / "dialogue" / "models" / "puente.tar.gz"
        return len(count.read_text().splitlines())

    assert [trained(), trained()] == [1, 1]
    extra = tmp_path / "data" / "dialogue" / "training" / "nlu.yml"
    extra.parent.mkdir()
    extra.write_text("version: '3.1'\n")
    assert [trained(), trained()] == [2, 2]
    supervisor.dialogue_model(settings).write_text("damaged")
    assert [trained(), trained()] == [3, 3]
    assert len(told) == 3
    assert not list((tmp_path / "data" / "dialogue").glob("training-*"))


def test_failed_training_shows_the_end_of_its_log_and_keeps_the_old_model(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", rasa_python=stub_rasa(tmp_path, TRAINS))
    model = supervisor.train_dialogue(settings, lambda text: None)
    before = model.read_text()
    (tmp_path / "data" / "dialogue" / "training").mkdir()
    (tmp_path / "data" / "dialogue" / "training" / "nlu.yml").write_text("broken")
    stub_rasa(tmp_path, "echo this is wrong; exit 1")
    with pytest.raises(SupervisorError, match="(?s)training the dialogue model failed.*this is wrong"):
        supervisor.train_dialogue(settings, lambda text: None)
    assert model.read_text() == before


def test_rasa_gets_its_token_and_none_of_the_applications_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUENTE_TWILIO_AUTH_TOKEN", "secret")
    monkeypatch.delenv("PUENTE_DIALOGUE_TOKEN", raising=False)
    settings = supervisor.prepare(Settings(data=tmp_path, port=0, dialogue_port=free_port()))
    rasa, application = supervisor.dialogue_service(settings), supervisor.application_service(settings)
    assert settings.dialogue_token is not None
    assert (
        rasa.environment["PUENTE_DIALOGUE_TOKEN"] == application.environment["PUENTE_DIALOGUE_TOKEN"] == settings.dialogue_token
    )
    assert "PUENTE_TWILIO_AUTH_TOKEN" not in rasa.environment
    assert application.environment["PUENTE_PORT"] == str(settings.port) != "0"
    assert settings.dialogue_token not in [*rasa.command, *application.command]


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("0.0.0.0", "http://127.0.0.1:8000"), ("::", "http://[::1]:8000")],
)
def test_the_printed_address_can_be_opened(host: str, expected: str) -> None:
    assert supervisor.address(Settings(host=host, port=8000)) == expected
