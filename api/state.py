"""What requests share: the assistant, its store and the settings."""

from typing import Annotated, cast

from fastapi import Depends, Request

from api.settings import Settings
from bot.assistant import Assistant
from bot.store import Store


def _assistant(request: Request) -> Assistant:
    return cast(Assistant, request.app.state.assistant)


def _store(request: Request) -> Store:
    return cast(Store, request.app.state.store)


def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


AssistantDep = Annotated[Assistant, Depends(_assistant)]
StoreDep = Annotated[Store, Depends(_store)]
SettingsDep = Annotated[Settings, Depends(_settings)]
