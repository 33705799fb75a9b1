"""The README's table of settings is the settings."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import Settings

README = Path(__file__).parents[2] / "README.md"


def test_readme_table_names_every_setting_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `(PUENTE_\w+)` \| (?:`([^`]*)`)? ?\| (.+) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    documented = {name: (default, meaning) for name, default, meaning in rows}
    wanted = {
        f"PUENTE_{name.upper()}": ("" if field.default is None else str(field.default), field.description)
        for name, field in Settings.model_fields.items()
    }
    assert documented == wanted


def test_only_origins_may_be_named_for_the_panel() -> None:
    named = Settings(widget_origins="https://School.example http://localhost:8080").framing_origins
    assert named == ("https://school.example", "http://localhost:8080")
    assert Settings(widget_origins=None).framing_origins == Settings(widget_origins=" ").framing_origins == ()
    for wrong in ("school.example", "https://school.example/page", "https://a.example;", "*", "https://a.example 'self'"):
        with pytest.raises(ValidationError, match="is not an origin"):
            Settings(widget_origins=wrong)
