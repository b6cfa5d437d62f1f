"""Random lists of neighbours with overlaps, in other orders, with −1 for nothing."""

import numpy as np

NAMES = ("mean_recall",)


def inputs(rng):
    cases = []
    for queries, k in ((4, 5), (7, 3), (1, 10), (3, 1)):
        right = np.array([rng.permutation(40)[:k] for _ in range(queries)])
        found = np.array([rng.permutation(np.concatenate([row, rng.permutation(np.arange(40, 60))[:k]]))[:k] for row in right])
        cases.append({"found": found.tolist(), "right": right.tolist()})
    cases.append({"found": [[5, 6, -1, -1], [1, 2, 3, 4]], "right": [[6, 5, 9, 8], [4, 3, 2, 1]]})
    return cases


def call(namespace, case):
    return float(namespace["mean_recall"](np.array(case["found"]), np.array(case["right"])))
