"""The built index on disk: passages, their vectors and the learned ranker, under one checked, atomic folder."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import faiss
import numpy as np

from knowledge.bank import Question
from knowledge.danger import load_phrases
from knowledge.models import Plan
from retrieval.encoder import Encoder, Vectors
from retrieval.passages import Passage, passages
from retrieval.ranker import Ranker, train_ranker

VERSION = 9
ENCODED_AT_ONCE = 512
PARTS = ("passages.json", "vectors.faiss", "ranker.npz")
Progress = Callable[[str], None]


class IndexFault(Exception):
    """An index that cannot be served; the message says why in one line."""


@dataclass(frozen=True)
class Index:
    """An opened index. `vectors` is a FAISS inner-product index over `passages`, row for row."""

    key: str
    passages: list[Passage]
    vectors: faiss.Index
    ranker: Ranker


def index_key(plan: Plan, bank: list[Question], encoder_fingerprint: str) -> str:
    """Hash of everything the index is made from: plan, question bank, phrases of danger, encoder and code version."""
    digest = hashlib.sha256(f"{VERSION}:{encoder_fingerprint}".encode())
    for passage in passages(plan, bank):
        digest.update(f"{passage.node_id}|{passage.locale}|{passage.text}\n".encode())
    for question in bank:
        if question.reason is not None:
            digest.update(f"{question.reason}|{question.locale}|{question.text}\n".encode())
    for phrase in load_phrases():
        digest.update(f"{phrase.kind}|{phrase.locale}|{phrase.text}\n".encode())
    return digest.hexdigest()


def build_index(
    folder: Path, plan: Plan, bank: list[Question], encoder: Encoder, progress: Progress = lambda _: None
) -> Index:
    """Make the index in `folder`, replacing what is there only once the new one is whole.

    The parts are written to a folder beside it, synced, and renamed into place; a crash or a full disk
    leaves the old index untouched. Raises OSError where the disk refuses.
    """
    entries = passages(plan, bank)
    vectors = _encode(encoder, [entry.text for entry in entries], progress)
    unanswerable = [question for question in bank if question.reason is not None]
    progress("training the ranker")
    refused = encoder.encode([q.text for q in unanswerable]) if unanswerable else np.zeros((0, vectors.shape[1]), np.float32)
    phrases = load_phrases()
    spoken = encoder.encode([phrase.text for phrase in phrases])
    ranker = train_ranker(plan, entries, vectors, unanswerable, refused, phrases, spoken)
    key = index_key(plan, bank, encoder.fingerprint)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="index-", dir=folder.parent))
    try:
        _write(fresh, key, entries, vectors, ranker)
        _swap(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return open_index(folder, key)


def open_index(folder: Path, key: str) -> Index:
    """The index in `folder`; raises IndexFault where it is absent, damaged or made from something else than `key`."""
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        sums = {part: _checksum(folder / part) for part in PARTS}
    except (OSError, ValueError) as error:
        raise IndexFault("there is no whole index yet") from error
    if not isinstance(meta, dict):
        raise IndexFault("its files are damaged")
    if meta.get("key") != key:
        raise IndexFault("the plan, the question bank, the encoder or the code has changed since it was built")
    if meta.get("checksums") != sums:
        raise IndexFault("its files are damaged")
    entries = [Passage(**entry) for entry in json.loads((folder / "passages.json").read_text(encoding="utf-8"))]
    vectors = faiss.read_index(str(folder / "vectors.faiss"))
    if vectors.ntotal != len(entries):
        raise IndexFault("its files do not belong together")
    return Index(key, entries, vectors, Ranker.load(folder / "ranker.npz"))


def open_or_build(folder: Path, plan: Plan, bank: list[Question], encoder: Encoder, progress: Progress) -> Index:
    """The index in `folder`, rebuilt with one line of explanation where it cannot be served."""
    try:
        return open_index(folder, index_key(plan, bank, encoder.fingerprint))
    except IndexFault as error:
        progress(f"building the search index: {error}")
        return build_index(folder, plan, bank, encoder, progress)


def _encode(encoder: Encoder, texts: list[str], progress: Progress) -> Vectors:
    parts = []
    for start in range(0, len(texts), ENCODED_AT_ONCE):
        progress(f"encoding passages: {start:,} of {len(texts):,}")
        parts.append(encoder.encode(texts[start : start + ENCODED_AT_ONCE]))
    return np.vstack(parts)


def _write(folder: Path, key: str, entries: list[Passage], vectors: Vectors, ranker: Ranker) -> None:
    (folder / "passages.json").write_text(json.dumps([asdict(e) for e in entries], ensure_ascii=False), encoding="utf-8")
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    faiss.write_index(flat, str(folder / "vectors.faiss"))
    ranker.save(folder / "ranker.npz")
    meta = {"key": key, "version": VERSION, "checksums": {part: _checksum(folder / part) for part in PARTS}}
    (folder / "meta.json").write_text(json.dumps(meta, indent=1), encoding="utf-8")
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _swap(fresh: Path, folder: Path) -> None:
    """Put `fresh` in the place of `folder`; the old one is set aside until the new one stands."""
    aside = folder.with_name(folder.name + ".old")
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.rename(aside)
    try:
        fresh.rename(folder)
    except OSError:
        if aside.exists():
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
