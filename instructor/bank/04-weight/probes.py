"""Counts below, at and above x_max, with zeros, in one and two dimensions; several x_max and alpha."""

import numpy as np

NAMES = ("weight",)


def inputs(rng):
    cases = [{"x": [0.0, 100.0, 250.0], "x_max": 100.0, "alpha": 0.75}]
    for shape, x_max, alpha in (((8,), 100.0, 0.75), ((3, 4), 10.0, 0.5), ((6,), 5.0, 1.0), ((2, 3), 30.0, 0.25)):
        cases.append({"x": (rng.random(shape) * 2 * x_max).round(2).tolist(), "x_max": x_max, "alpha": alpha})
    return cases


def call(namespace, case):
    return np.asarray(namespace["weight"](np.array(case["x"]), case["x_max"], case["alpha"]), dtype=float).tolist()
