"""Keeping a training run's state on disk, so that a run that was cut off goes on."""

import time
from pathlib import Path

import torch
from transformers import BertModel

from retrieval.training.errors import TrainingError

SECONDS_BETWEEN = 120.0


class Checkpoint:
    """The state of one run at one path: model, optimiser, next step, seconds spent. None keeps nothing."""

    def __init__(self, path: Path | None, model: BertModel, optimiser: torch.optim.Optimizer) -> None:
        self._path = path
        self._model = model
        self._optimiser = optimiser
        self._last = time.monotonic()

    def restore(self) -> tuple[int, float]:
        """Load what is stored, if anything; returns the next step and the seconds already spent.

        Raises TrainingError where the stored state is damaged or of another model.
        """
        if self._path is None or not self._path.exists():
            return 0, 0.0
        try:
            stored = torch.load(self._path, weights_only=True)
            self._model.load_state_dict(stored["model"])
            self._optimiser.load_state_dict(stored["optimiser"])
            return int(stored["step"]), float(stored["seconds"])
        except Exception as error:  # torch raises several unrelated types for a bad file
            raise TrainingError(
                f"{self._path} is damaged or of another run; delete it to start anew."
            ) from error

    def keep(self, step: int, seconds: float) -> None:
        """Store the state if the last time is two minutes ago."""
        if self._path is None or time.monotonic() - self._last < SECONDS_BETWEEN:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(".part")
        torch.save(
            {
                "model": self._model.state_dict(),
                "optimiser": self._optimiser.state_dict(),
                "step": step,
                "seconds": seconds,
            },
            temporary,
        )
        temporary.replace(self._path)
        self._last = time.monotonic()
