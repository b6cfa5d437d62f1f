"""Random U and S, several exponents."""

import numpy as np

NAMES = ("word_vectors",)


def inputs(rng):
    return [{"U": rng.normal(size=(6, 3)).tolist(), "S": sorted(rng.uniform(0.5, 9, size=3).tolist(), reverse=True), "p": p}
            for p in (0, 0.5, 1, 0.25)]


def call(namespace, case):
    return np.asarray(namespace["word_vectors"](np.array(case["U"]), np.array(case["S"]), case["p"]), dtype=float).tolist()
