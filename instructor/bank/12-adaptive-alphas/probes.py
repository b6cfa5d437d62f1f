"""S-shaped scores with the jump at other places and of other steepness, rising and falling, with other ends."""

import numpy as np

NAMES = ("adaptive_alphas",)
ATOL = 1e-4
RTOL = 1e-4


def inputs(rng):
    shapes = [(1.0, 5.0, 9), (1.2, 4.8, 5), (4.5, 1.5, 7), (-2.0, 3.0, 3), (5.0, 1.0, 12), (0.0, 1.0, 2)]
    return [{"start": start, "end": end, "n": n, "centre": float(rng.uniform(0.3, 0.7)), "steepness": float(rng.uniform(4, 14))}
            for start, end, n in shapes]


def call(namespace, case):
    def squash(t):
        return 1 / (1 + np.exp(-case["steepness"] * (t - case["centre"])))

    def score(t):
        share = (squash(t) - squash(0)) / (squash(1) - squash(0))
        return case["start"] + (case["end"] - case["start"]) * share

    return np.asarray(namespace["adaptive_alphas"](score, case["n"]), dtype=float).tolist()
