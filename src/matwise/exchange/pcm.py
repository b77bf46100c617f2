"""From samples as they are mixed to the whole numbers of 16 bits that files hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matwise.session.sound import Samples

FULL_SCALE = 32767


def pcm_16(samples: Samples, gain: float = 1.0) -> NDArray[np.int16]:
    """The nearest whole numbers to `gain` · samples, shape (n_samples,), little-endian; beyond ±1 they are clipped."""
    scaled = samples * np.float32(FULL_SCALE * gain)
    np.rint(scaled, out=scaled)
    np.clip(scaled, -FULL_SCALE, FULL_SCALE, out=scaled)
    return scaled.astype("<i2")
