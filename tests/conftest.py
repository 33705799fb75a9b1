"""The real product for tests: its index, its trained dialogue model, Rasa and the application, each a process of its own."""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import httpx
import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import engine, lookup_pages, pages, plan_pages, problems, supervisor
from api.finder import Finder
from api.processes import Service, tail
from api.routes import lookup
from api.settings import Settings
from knowledge import Plan, load_plan
from retrieval.search import Evidence

START_S = 300.0
Serve = Callable[..., AbstractContextManager[str]]


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def data_folder(built: Path, folder: Path) -> Path:
    """A data folder of its own for conversations, tracker and logs that shares what was built."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("index", "dialogue"):
        (folder / name).symlink_to(built / name)
    return folder


@contextmanager
def running(service: Service) -> Iterator[None]:
    """The service, started and ready; stopped at the end."""
    child = supervisor.start(service)
    try:
        if not supervisor.wait_until(service.ready, START_S, lambda: child.poll() is None):
            pytest.fail(f"{service.name} did not start.\n{tail(service.log) if service.log else ''}")
        yield
    finally:
        supervisor.stop([child])


@contextmanager
def serving(settings: Settings, port: int | None = None) -> Iterator[str]:
    """The application alone; yields its address. What it writes goes to `logs/application.log`."""
    settings = settings.model_copy(update={"port": port or free_port()})
    service = replace(supervisor.application_service(settings), log=settings.data / "logs" / "application.log")
    with running(replace(service, ready=f"{supervisor.address(settings)}/health/ready")):
        yield supervisor.address(settings)


@contextmanager
def deciding(settings: Settings) -> Iterator[str]:
    """Rasa alone, on the port of `settings`; yields its address."""
    service = supervisor.dialogue_service(settings)
    with running(service):
        yield service.ready


@pytest.fixture(scope="session")
def built_data() -> Path:
    """The data folder with a fresh index and a trained dialogue model; both are made only where they are stale."""
    settings = Settings(data=Path(os.environ.get("PUENTE_DATA", "data")).resolve())
    engine.build(settings, print)
    supervisor.train_dialogue(settings)
    return settings.data


@pytest.fixture(scope="session")
def make_settings(built_data: Path) -> Callable[[Path], Settings]:
    """Settings for a stack of its own in a folder: own conversations, tracker, logs, token and dialogue port."""

    def make(folder: Path) -> Settings:
        # The deadline is generous: these tests run on busy machines, and one of them sets its own.
        return Settings(
            data=data_folder(built_data, folder), database_url=None, dialogue_port=free_port(),
            dialogue_token=secrets.token_urlsafe(16), dialogue_deadline=20.0,
        )

    return make


@pytest.fixture(scope="session")
def school_port() -> int:
    """The port of a school's website, the only other site that may show the chat in a panel."""
    return free_port()


@pytest.fixture(scope="session")
def settings(
    make_settings: Callable[[Path], Settings], tmp_path_factory: pytest.TempPathFactory, school_port: int
) -> Settings:
    """The settings of the stack that all tests share."""
    made = make_settings(tmp_path_factory.mktemp("stack") / "data")
    return made.model_copy(update={"widget_origins": f"http://localhost:{school_port}"})


@pytest.fixture(scope="session")
def server_url(settings: Settings) -> Iterator[str]:
    """The address of the running product: Rasa and the application."""
    with deciding(settings), serving(settings) as url:
        assert httpx.get(f"{url}/health/ready").json()["dialogue"] == "ok"
        yield url


@pytest.fixture(scope="session")
def client(server_url: str) -> Iterator[httpx.Client]:
    """HTTP to the running product."""
    with httpx.Client(base_url=server_url, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def serve() -> Serve:
    """Starts an application of a test's own: `with serve(settings) as url`."""
    return serving


@pytest.fixture(scope="session")
def decide() -> Serve:
    """Starts a Rasa of a test's own: `with decide(settings)`."""
    return deciding


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The shipped plan."""
    return load_plan()


class FixedSearcher:
    """Stands for the encoder: finds one node near to everything."""

    def __init__(self, node_id: str) -> None:
        self.node_id = node_id

    def evidence(self, text: str) -> Evidence:
        return Evidence([self.node_id], np.zeros(1, np.float32), {"plan": 1.0}, 0.5)


@pytest.fixture(scope="session")
def site_app(plan: Plan) -> FastAPI:
    """The plan's pages and the look-up alone: they need no Rasa, and the encoder has a stand-in."""
    app = FastAPI()
    problems.install(app)
    app.state.settings = Settings(public_url="https://plan.example.org/")
    app.state.assistant = SimpleNamespace(plan=plan, searcher=FixedSearcher("2D"))
    app.state.finder = Finder(plan, "https://plan.example.org")
    for module in (plan_pages, lookup, lookup_pages):
        app.include_router(module.router)
    pages.mount_static(app)
    return app


@pytest.fixture
def site(site_app: FastAPI) -> Iterator[TestClient]:
    """HTTP to the plan's pages, in this process; redirects are not followed."""
    with TestClient(site_app, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="session")
def site_url(site_app: FastAPI) -> Iterator[str]:
    """The same pages for a browser."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(site_app, port=port, log_level="warning"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    assert supervisor.wait_until(f"http://127.0.0.1:{port}/plan", START_S, thread.is_alive)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
