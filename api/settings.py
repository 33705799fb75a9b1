"""Settings, from environment variables that begin with PUENTE_."""

import re
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent.parent
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")


class Settings(BaseSettings):
    """Every setting with its default; README.md holds the same table, and a test keeps them equal."""

    model_config = SettingsConfigDict(env_prefix="PUENTE_", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Address the application listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the application listens on.")
    data: Path = Field(Path("data"), description="Folder for the index, the conversations, the dialogue model and logs.")
    plan: Path | None = Field(None, description="Folder of the plan; the shipped plan where unset.")
    encoder: str | None = Field(None, description="Sentence encoder: a folder or a locally cached sentence-transformers name.")
    database_url: str | None = Field(None, description="SQLAlchemy URL of the store; SQLite in the data folder where unset.")
    retention_days: int = Field(30, ge=1, description="Days after which a conversation is deleted.")
    rasa_python: Path | None = Field(None, description="Python of Rasa's environment; .venv-rasa in the project where unset.")
    dialogue_port: int = Field(5015, ge=1, le=65535, description="Loopback port of the Rasa server.")
    dialogue_token: str | None = Field(None, description="Token between the application and Rasa; made at start where unset.")
    dialogue_deadline: float = Field(1.5, gt=0, description="Seconds to wait for Rasa before answering without it.")
    public_url: str | None = Field(None, description="Public address, for links.")
    widget_origins: str | None = Field(
        None, description="Origins of the sites that may show the chat in a panel, with spaces between; none where unset."
    )

    @field_validator("widget_origins")
    @classmethod
    def _origins(cls, value: str | None) -> str | None:
        for origin in (value or "").split():
            if not ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is not an origin; write scheme and host, such as https://school.example")
        return value

    @property
    def framing_origins(self) -> tuple[str, ...]:
        """The origins that may show the chat in a panel, in lower case as browsers write them."""
        return tuple((self.widget_origins or "").lower().split())

    twilio_auth_token: str | None = Field(None, description="Twilio's token; without it every text message is refused.")
    sms_segments: int = Field(2, ge=1, le=10, description="Segments that one text message may take.")
    sms_transliterate: bool = Field(True, description="Write á í ó ú without accents where that saves a segment.")
    sms_key: str | None = Field(None, min_length=16, description="Key that phone numbers are hashed with; made where unset.")
    sms_old_keys: str = Field("", description="Earlier keys, separated by commas, while phones move to the new one.")
    sms_per_hour: int = Field(30, ge=1, description="Text messages a phone may send in an hour.")
    sms_per_minute: int = Field(600, ge=1, description="Text messages all phones together may send in a minute.")
    sms_price: float = Field(0.0083, ge=0, description="US dollars for one segment, as `puente sms` shows it.")

    @property
    def store_url(self) -> str:
        """The store's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.data.resolve()}/puente.db"
