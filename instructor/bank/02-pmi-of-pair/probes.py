"""Random tables of counts, not symmetric; −∞ for pairs that never met."""

import numpy as np

NAMES = ("pmi_of_pair",)


def inputs(rng):
    cases = []
    for _ in range(6):
        table = rng.integers(0, 9, size=(5, 5))
        table[:, 0] += 1
        table[0] += 1
        cases.append({"counts": table.tolist(), "i": int(rng.integers(0, 5)), "j": int(rng.integers(0, 5))})
    empty = rng.integers(1, 9, size=(3, 3))
    empty[1, 2] = 0
    return [*cases, {"counts": empty.tolist(), "i": 1, "j": 2}]


def call(namespace, case):
    with np.errstate(all="ignore"):
        return float(namespace["pmi_of_pair"](np.array(case["counts"]), case["i"], case["j"]))
