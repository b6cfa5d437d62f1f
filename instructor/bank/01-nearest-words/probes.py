"""Random vectors of very different lengths, one row of zeros; no ties."""

import numpy as np

NAMES = ("nearest_words",)


def inputs(rng):
    cases = []
    for n in (1, 3, 5):
        matrix = rng.normal(size=(9, 4)) * rng.uniform(0.1, 50, size=(9, 1))
        matrix[int(rng.integers(0, 9))] = 0
        asked = int(np.flatnonzero(matrix.any(axis=1))[int(rng.integers(0, 8))])
        cases.append({"matrix": matrix.tolist(), "asked": asked, "n": n})
    return cases


def call(namespace, case):
    words = [f"낱말{i}" for i in range(len(case["matrix"]))]
    found = namespace["nearest_words"](np.array(case["matrix"]), words, words[case["asked"]], case["n"])
    return [str(word) for word in found]
