"""What speaks for refusing a message."""

import numpy as np
import pytest

from knowledge.bank import REASONS
from retrieval.scope import NEAR, VOICES, shares, voices

NONE = np.zeros(len(REASONS), np.float32)
NODES = np.array([0.1, 0.4], np.float32)


@pytest.mark.parametrize(("nearest", "distance"), [(0.9, 0.0), (NEAR, 0.0), (NEAR - 0.25, 0.25), (-1.0, NEAR + 1)])
def test_only_what_lies_far_from_everything_known_is_distant(nearest: float, distance: float) -> None:
    assert voices(NONE, NODES, 0.2, nearest)["distance"] == pytest.approx(distance)


def test_every_voice_has_its_name() -> None:
    assert tuple(voices(NONE, NODES, 0.2, 0.5)) == VOICES


def test_the_reasons_share_a_refusal() -> None:
    found = shares(np.array([0.6, 0.2, -0.3], np.float32))
    assert sum(found.values()) == pytest.approx(1)
    assert max(found, key=lambda reason: found[reason]) == REASONS[0]
