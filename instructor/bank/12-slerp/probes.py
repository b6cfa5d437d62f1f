"""General directions with lengths other than 1, obtuse angles, parallel and opposite vectors."""

import numpy as np

NAMES = ("slerp",)
ATOL = 1e-6


def inputs(rng):
    t = [0.0, 0.2, 0.5, 0.9, 1.0]
    made = [{"a": rng.normal(size=d).tolist(), "b": (2.5 * rng.normal(size=d)).tolist(), "t": t} for d in (2, 3, 64)]
    a, sideways = rng.normal(size=4), rng.normal(size=4)
    obtuse = -2 * a + 0.5 * sideways
    direction = rng.normal(size=8)
    more = [(a, obtuse), (direction, 3 * direction), (direction, direction), (direction, -2 * direction)]
    return made + [{"a": x.tolist(), "b": y.tolist(), "t": t} for x, y in more]


def call(namespace, case):
    a, b, t = (np.array(case[name]) for name in ("a", "b", "t"))
    return np.asarray(namespace["slerp"](a, b, t), dtype=float).tolist()
