"""Random vectors, more words than dimensions and the reverse; both gradients count."""

import numpy as np

NAMES = ("softmax_gradients",)
ATOL = 1e-8


def inputs(rng):
    cases = []
    for words, size in ((5, 3), (3, 6), (8, 2), (4, 4)):
        W, C = rng.normal(0, 0.8, (2, words, size))
        cases.append({"W": W.tolist(), "C": C.tolist(), "w": int(rng.integers(words)), "c": int(rng.integers(words))})
    return cases


def call(namespace, case):
    parts = namespace["softmax_gradients"](np.array(case["W"]), np.array(case["C"]), case["w"], case["c"])
    return [np.asarray(part, dtype=float).tolist() for part in parts]
