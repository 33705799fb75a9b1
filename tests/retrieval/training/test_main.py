"""The command line: one sentence and exit code 1 for what the caller can mend."""

from pathlib import Path

import pytest

from retrieval.training.__main__ import main
from retrieval.training.encoder import load


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["measure", "--data", "nowhere", "--model", "nowhere"],
            "The data folder has no parallel.tsv.zst",
        ),
        (["finetune", "--model", "nowhere", "--out", "x"], "nowhere is not an encoder folder"),
        (
            ["finetune", "--model", "x", "--out", "x", "--bank", "en_a.tsv"],
            "--bank and --passages belong",
        ),
        (["compress", "--model", "nowhere", "--out", "x"], "nowhere is not an encoder folder"),
    ],
)
def test_faults_are_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1


def test_a_bank_alone_is_enough_to_fine_tune(
    initialised: Path, bank: tuple[list[Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, passages = bank
    code = main([
        "finetune", "--model", str(initialised), "--out", str(tmp_path / "tuned"), "--passages", str(passages),
        "--bank", *map(str, files), "--leave-out", "en_one", "--epochs", "2",
    ])  # fmt: skip
    assert code == 0
    assert "unseen writers after" in capsys.readouterr().out
    assert load(tmp_path / "tuned").model.config.num_hidden_layers == 6
