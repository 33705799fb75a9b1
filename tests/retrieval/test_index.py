"""The index on disk: built, opened again, damaged in every part, and rebuilt."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import pytest

from knowledge import Plan
from knowledge.bank import Question
from retrieval.encoder import Encoder
from retrieval.index import PARTS, IndexFault, build_index, index_key, open_index, open_or_build
from retrieval.passages import passages
from retrieval.search import Searcher


@pytest.fixture
def folder(plain: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "data" / "index"
    shutil.copytree(plain, copy)
    return copy


@pytest.fixture(scope="module")
def key(excerpt: Plan, encoder: Encoder) -> str:
    return index_key(excerpt, [], encoder.fingerprint)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_opened_index_holds_what_was_built(folder: Path, key: str, excerpt: Plan, encoder: Encoder) -> None:
    index = open_index(folder, key)
    assert index.key == key
    assert index.passages == passages(excerpt, [])
    assert index.vectors.ntotal == len(index.passages)
    vectors = index.vectors.reconstruct_n(0, index.vectors.ntotal)
    # A vector's last digits depend on the texts beside it where they are bfloat16.
    again = encoder.encode([passage.text for passage in index.passages[:3]])
    assert np.sum(vectors[:3] * again, axis=1).min() > 0.9998
    assert set(index.ranker.node_ids) == {passage.node_id for passage in index.passages}


def test_whole_index_is_not_built_again(folder: Path, excerpt: Plan, encoder: Encoder) -> None:
    said: list[str] = []
    before = content(folder)
    open_or_build(folder, excerpt, [], encoder, said.append)
    assert said == []
    assert content(folder) == before


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)


DAMAGES: dict[str, Callable[[Path], object]] = {"truncated": cut, "changed": flip, "emptied": lambda path: path.write_bytes(b"")}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
@pytest.mark.parametrize("part", PARTS)
def test_damaged_part_is_noticed(folder: Path, key: str, part: str, damage: Callable[[Path], object]) -> None:
    damage(folder / part)
    with pytest.raises(IndexFault, match="^its files are damaged$"):
        open_index(folder, key)


@pytest.mark.parametrize("part", [*PARTS, "meta.json"])
def test_missing_part_is_noticed(folder: Path, key: str, part: str) -> None:
    (folder / part).unlink()
    with pytest.raises(IndexFault, match="^there is no whole index yet$"):
        open_index(folder, key)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7", "{}", '{"key": 1}', "\x00\x01", '"key"'])
def test_damaged_meta_file_is_noticed(folder: Path, key: str, text: str) -> None:
    (folder / "meta.json").write_text(text)
    with pytest.raises(IndexFault):
        open_index(folder, key)


def test_meta_file_that_is_not_utf_8(folder: Path, key: str) -> None:
    (folder / "meta.json").write_bytes(b'{"key": "\xff\xfe"}')
    with pytest.raises(IndexFault):
        open_index(folder, key)


def test_parts_of_two_indexes_do_not_go_together(folder: Path, key: str) -> None:
    stored = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
    (folder / "passages.json").write_text(json.dumps(stored[:-1]), encoding="utf-8")
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    with pytest.raises(IndexFault, match="damaged"):
        open_index(folder, key)
    meta["checksums"]["passages.json"] = hashlib.sha256((folder / "passages.json").read_bytes()).hexdigest()
    (folder / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(IndexFault, match="do not belong together"):
        open_index(folder, key)


def test_absent_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(IndexFault, match="no whole index yet"):
        open_index(tmp_path / "nowhere", key)


def test_other_key_is_refused(folder: Path) -> None:
    with pytest.raises(IndexFault, match="has changed since it was built"):
        open_index(folder, "0" * 64)


def test_key_follows_everything_the_index_is_made_of(excerpt: Plan, shorter: Plan, bank: list[Question]) -> None:
    reworded = [*bank[:-1], Question("otra cosa", "es", "ana", reason="injection")]
    moved = [Question(bank[0].text, "en", "ana", node_id="2D"), *bank[1:]]
    keys = [
        index_key(excerpt, bank, "a"), index_key(excerpt, bank, "b"), index_key(shorter, bank, "a"), index_key(excerpt, [], "a"),
        index_key(excerpt, reworded, "a"), index_key(excerpt, moved, "a"),
    ]
    assert len(set(keys)) == len(keys)
    assert index_key(excerpt, list(bank), "a") == keys[0]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: flip(folder / "vectors.faiss"), "its files are damaged"),
        (lambda folder: cut(folder / "ranker.npz"), "its files are damaged"),
        (lambda folder: (folder / "passages.json").unlink(), "there is no whole index yet"),
        (lambda folder: (folder / "meta.json").write_text("[]"), "its files are damaged"),
        (shutil.rmtree, "there is no whole index yet"),
    ],
    ids=["changed", "truncated", "part missing", "meta damaged", "folder missing"],
)
def test_broken_index_is_rebuilt_with_one_line_of_explanation(
    folder: Path, damage: Callable[[Path], object], reason: str, key: str, excerpt: Plan, encoder: Encoder
) -> None:
    damage(folder)
    said: list[str] = []
    index = open_or_build(folder, excerpt, [], encoder, said.append)
    assert said[0] == f"building the search index: {reason}"
    assert sum("building" in line for line in said) == 1
    assert index.key == key
    assert open_index(folder, key).passages == index.passages
    assert [path.name for path in folder.parent.iterdir()] == ["index"]


def test_changed_plan_is_rebuilt(folder: Path, key: str, shorter: Plan, encoder: Encoder) -> None:
    said: list[str] = []
    assert open_or_build(folder, shorter, [], encoder, said.append).key != key
    assert "has changed" in said[0]


@pytest.mark.parametrize("failing", ["write_index", "rename"])
def test_crash_while_writing_leaves_the_old_index(
    folder: Path, key: str, failing: str, excerpt: Plan, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def refuse(self: Path, target: Path) -> Path:
        if self.name.startswith("index-"):
            full()
        return renamed(self, target)

    renamed = Path.rename
    if failing == "write_index":
        monkeypatch.setattr(faiss, "write_index", full)
    else:
        monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="No space left"):
        build_index(folder, excerpt, [], encoder)
    monkeypatch.undo()
    assert content(folder) == before
    assert open_index(folder, key).key == key
    assert [path.name for path in folder.parent.iterdir()] == ["index"]


def test_two_builds_give_equal_results(
    built: Path, excerpt: Plan, bank: list[Question], tmp_path: Path, encoder: Encoder
) -> None:
    one = Searcher(open_index(built, index_key(excerpt, bank, encoder.fingerprint)), encoder)
    two = Searcher(build_index(tmp_path / "again", excerpt, bank, encoder), encoder)
    for text in ("how many students are absent", "áreas verdes", "xyzzy"):
        first, second = one.evidence(text), two.evidence(text)
        assert first.node_ids == second.node_ids
        assert np.allclose(first.logits, second.logits, atol=1e-4)
        assert first.scope == pytest.approx(second.scope, abs=1e-4)


def test_index_without_a_bank(tmp_path: Path, excerpt: Plan, encoder: Encoder) -> None:
    evidence = Searcher(build_index(tmp_path / "index", excerpt, [], encoder), encoder).evidence("attendance")
    assert evidence.scope == pytest.approx({"plan": 1.0, "off_topic": 0.0, "personal": 0.0, "injection": 0.0}, abs=1e-3)
    assert np.isfinite(evidence.logits).all()
