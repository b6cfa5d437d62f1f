"""Clouds with different lengths of vectors; no ties."""

import numpy as np

NAMES = ("k_occurrence",)


def inputs(rng):
    return [{"vectors": (rng.normal(size=(n, d)) * rng.uniform(0.2, 8, size=(n, 1))).tolist(), "k": k}
            for n, d, k in ((15, 3, 1), (25, 4, 4), (40, 10, 5), (30, 20, 10))]


def call(namespace, case):
    return [int(n) for n in namespace["k_occurrence"](np.array(case["vectors"]), case["k"])]
