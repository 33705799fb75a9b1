"""The training data that is made for Rasa."""

from collections import defaultdict
from pathlib import Path

import yaml

from bot.dialogue_training import DATA, write_training_data
from knowledge import default_plan_folder, load_plan
from knowledge.bank import load_bank
from knowledge.danger import load_phrases


def examples(path: Path) -> dict[str, set[str]]:
    """The intents of each example in a file."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in entry["examples"].splitlines():
            if "intent" in entry:
                found[line.removeprefix("- ").strip()].add(entry["intent"])
    return found


def test_no_example_has_two_intents(tmp_path: Path) -> None:
    write_training_data(tmp_path, load_plan(), load_bank(default_plan_folder()))
    intents: dict[str, set[str]] = defaultdict(set)
    for path in (tmp_path / "bank.yml", *DATA.glob("nlu.*.yml")):
        for text, named in examples(path).items():
            intents[text] |= named
    assert {text: named for text, named in intents.items() if len(named) > 1} == {}
    assert {"ask", "off_topic", "harmless", "crisis", "greet", "language_es"} <= {name for named in intents.values() for name in named}


def test_no_phrase_of_danger_is_also_a_question_on_the_plan() -> None:
    asked = {question.text for question in load_bank(default_plan_folder()) if question.node_id is not None}
    assert [phrase.text for phrase in load_phrases() if phrase.kind is not None and phrase.text in asked] == []
