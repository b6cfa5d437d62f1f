"""Vectors of very different lengths, one row of zeros; all three measures; no ties."""

import numpy as np

NAMES = ("order_by",)


def inputs(rng):
    cases = []
    for measure in ("cosine", "inner", "euclid"):
        for zero in (False, True):
            vectors = rng.normal(size=(12, 5)) * rng.uniform(0.1, 20, size=(12, 1))
            if zero:
                vectors[int(rng.integers(0, 12))] = 0
            cases.append({"vectors": vectors.tolist(), "query": (3 * rng.normal(size=5)).tolist(), "measure": measure})
    return cases


def call(namespace, case):
    return [int(i) for i in namespace["order_by"](np.array(case["vectors"]), np.array(case["query"]), case["measure"])]
