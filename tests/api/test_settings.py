"""The README's table of settings is the settings."""

import re
from pathlib import Path

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
