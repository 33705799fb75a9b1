"""Rasa's own story tests, run by Rasa against the trained model."""

import json
import shutil
import subprocess
from pathlib import Path

import yaml

from api import supervisor
from api.settings import Settings

BOT = Path(__file__).resolve().parents[2] / "bot"
STORIES = BOT / "tests" / "test_stories.yml"


def test_rasa_tells_every_story_as_it_is_written(settings: Settings, tmp_path: Path) -> None:
    # Rasa reads its stories and writes its results beside the configuration; both stay out of the project.
    for name in ("endpoints.yml", "domain.yml", "components"):
        (tmp_path / name).symlink_to(BOT / name)
    (tmp_path / "tests").mkdir()
    shutil.copy(STORIES, tmp_path / "tests")
    command = [
        str(supervisor.rasa_python(settings).absolute()), "-m", "rasa", "test", "core",
        "--model", str(supervisor.dialogue_model(settings)), "--stories", "tests", "--endpoints", "endpoints.yml",
        "--out", str(tmp_path / "results"), "--no-plot", "--no-warnings",
    ]
    environment = supervisor.rasa_environment(settings) | {"PUENTE_TRACKER_DB": str(tmp_path / "tracker.db")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    failed = yaml.safe_load((tmp_path / "results" / "failed_test_stories.yml").read_text(encoding="utf-8")) or {}
    assert not failed.get("stories"), json.dumps(failed["stories"], ensure_ascii=False, indent=1)
    told = json.loads((tmp_path / "results" / "story_report.json").read_text(encoding="utf-8"))
    written = yaml.safe_load(STORIES.read_text(encoding="utf-8"))["stories"]
    assert told["conversation_accuracy"]["total"] == len(written)
    assert told["conversation_accuracy"]["correct"] == len(written)
