"""Random vectors and directions whose length is not 1."""

import numpy as np

NAMES = ("neutralise",)


def inputs(rng):
    return [{"vectors": rng.normal(size=(n, d)).tolist(), "g": (rng.normal(size=d) * scale).tolist()}
            for n, d, scale in ((1, 2, 1), (6, 3, 0.2), (4, 10, 5), (8, 6, 2))]


def call(namespace, case):
    return np.asarray(namespace["neutralise"](np.array(case["vectors"]), np.array(case["g"])), dtype=float).tolist()
