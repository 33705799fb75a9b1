"""What requests share: the assistant, its store and the settings."""

from typing import Annotated, cast

from fastapi import Depends, Request

from api.settings import Settings
from api.turns import Turns
from bot.assistant import Assistant
from bot.store import Store


def _assistant(request: Request) -> Assistant:
    return cast(Assistant, request.app.state.assistant)


def _store(request: Request) -> Store:
    return cast(Store, request.app.state.store)


def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


def _turns(request: Request) -> Turns:
    return cast(Turns, request.app.state.turns)


AssistantDep = Annotated[Assistant, Depends(_assistant)]
TurnsDep = Annotated[Turns, Depends(_turns)]
StoreDep = Annotated[Store, Depends(_store)]
SettingsDep = Annotated[Settings, Depends(_settings)]
