"""The teacher's vectors of English texts, computed once and kept on disk."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.training.encoder import Encoder, encode
from retrieval.training.errors import TrainingError

PART = 20_000


def teacher_vectors(
    teacher: Encoder, texts: Sequence[str], folder: Path, bfloat16: bool
) -> NDArray[np.float16]:
    """Vectors of length one, float16, shape (texts, dimensions); computed in parts that a later run reuses.

    A part is named by the hash of its texts, so another mix never meets another mix's vectors.
    Raises TrainingError where a stored part is damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(texts), PART):
        chosen = texts[start : start + PART]
        digest = hashlib.sha256("\n".join(chosen).encode()).hexdigest()
        path = folder / f"{digest[:16]}.npy"
        if not path.exists():
            computed = encode(teacher, chosen, bfloat16=bfloat16).astype(np.float16)
            temporary = path.with_suffix(".part.npy")
            np.save(temporary, computed)
            temporary.replace(path)
        try:
            stored: NDArray[np.float16] = np.load(path)
        except (ValueError, OSError, EOFError) as error:
            raise TrainingError(f"{path} is truncated or damaged; delete it to compute it again.") from error
        parts.append(stored)
    return np.concatenate(parts)
