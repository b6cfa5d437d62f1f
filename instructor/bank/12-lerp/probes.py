"""Two points of several dimensions; few and many places, one of them not sorted, ends included."""

import numpy as np

NAMES = ("lerp",)
ATOL = 1e-8


def inputs(rng):
    places = ([0.0, 1.0], [0.0, 0.25, 0.5, 0.75, 1.0], [0.9, 0.1, 0.4], rng.random(6).tolist(), [0.3])
    sizes = (2, 5, 3, 6, 64)
    return [{"a": rng.normal(size=d).tolist(), "b": (3 * rng.normal(size=d)).tolist(), "t": t} for d, t in zip(sizes, places, strict=True)]


def call(namespace, case):
    a, b, t = (np.array(case[name]) for name in ("a", "b", "t"))
    return np.asarray(namespace["lerp"](a, b, t), dtype=float).tolist()
