"""Matrices that are not symmetric, noise unlike the column sums, a pair that never occurs."""

import numpy as np

NAMES = ("best_inner_product",)


def inputs(rng):
    cases = []
    for words, k in ((3, 1), (4, 5), (6, 10), (5, 15)):
        counts = rng.integers(1, 30, (words, words))
        counts[1, 2] = 0
        noise = rng.random(words) + 0.1
        w, c = rng.integers(words, size=2)
        pair = (1, 2) if k == 10 else (0, 1) if counts[w, c] == 0 else (w, c)
        cases.append({"counts": counts.tolist(), "noise": (noise / noise.sum()).tolist(), "k": k, "w": int(pair[0]), "c": int(pair[1])})
    return cases


def call(namespace, case):
    return float(namespace["best_inner_product"](np.array(case["counts"]), np.array(case["noise"]), case["k"], case["w"], case["c"]))
