"""Random counts, several exponents; some contexts never occur."""

import numpy as np

NAMES = ("smoothed_contexts",)


def inputs(rng):
    return [{"counts": rng.integers(0 if i % 2 else 1, 1000, size=7).tolist(), "alpha": alpha}
            for i, alpha in enumerate((0.75, 0.5, 1.0, 0.25))]


def call(namespace, case):
    return [float(p) for p in np.asarray(namespace["smoothed_contexts"](np.array(case["counts"]), case["alpha"])).ravel()]
