"""Few dimensions, so that cosines are often negative, and lengths that differ; in every second case all cosines are positive and
b and c are alike, so that they would score best themselves."""

import numpy as np

NAMES = ("cos_mul",)


def inputs(rng):
    cases = []
    for n, d in ((12, 2), (25, 3), (60, 4), (60, 6), (90, 8), (90, 8), (90, 12), (90, 12)):
        vectors = rng.normal(size=(n, d)) * rng.uniform(0.1, 9, size=(n, 1))
        a, b, c = (int(i) for i in rng.choice(n, 3, replace=False))
        cases.append({"vectors": vectors.tolist(), "a": a, "b": b, "c": c})
        vectors = np.abs(rng.normal(size=(12, 6))) * rng.uniform(0.1, 9, size=(12, 1))
        a, b, c = (int(i) for i in rng.choice(12, 3, replace=False))
        vectors[c] = vectors[b] * (1 + 0.02 * rng.normal(size=6))
        cases.append({"vectors": vectors.tolist(), "a": a, "b": b, "c": c})
    return cases


def call(namespace, case):
    return int(namespace["cos_mul"](np.array(case["vectors"]), case["a"], case["b"], case["c"]))
