"""Two orders of the same documents on very different scales; small and large k."""

import numpy as np

NAMES = ("fuse",)


def inputs(rng):
    cases = []
    for documents, k in ((2, 60), (5, 0), (20, 60), (50, 10)):
        first, second = rng.permutation(documents) + rng.random(documents) / 2, 0.001 * rng.permutation(documents) - 3
        cases.append({"first": first.tolist(), "second": second.tolist(), "k": k})
    return cases


def call(namespace, case):
    return np.asarray(namespace["fuse"](np.array(case["first"]), np.array(case["second"]), case["k"]), dtype=float).tolist()
