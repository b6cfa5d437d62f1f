"""Clouds off the origin whose directions differ in strength; 0, 1 and several directions."""

import numpy as np

NAMES = ("all_but_the_top",)
ATOL = 1e-7


def inputs(rng):
    return [{"vectors": (rng.normal(size=(n, d)) * np.linspace(6, 1, d) + rng.normal(size=d) * 4).tolist(), "n_directions": k}
            for n, d, k in ((20, 4, 0), (20, 4, 1), (40, 6, 2), (30, 5, 4))]


def call(namespace, case):
    return np.asarray(namespace["all_but_the_top"](np.array(case["vectors"]), case["n_directions"]), float).tolist()
