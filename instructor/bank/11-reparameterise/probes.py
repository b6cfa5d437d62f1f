"""Random means, log variances and noise of several shapes."""

import numpy as np

NAMES = ("reparameterise",)


def inputs(rng):
    return [{name: rng.normal(centre, 1, shape).tolist() for name, centre in (("mean", 0), ("log_variance", -1), ("noise", 0))}
            for shape in ((1, 2), (4, 3), (6, 8), (5,))]


def call(namespace, case):
    found = namespace["reparameterise"](np.array(case["mean"]), np.array(case["log_variance"]), np.array(case["noise"]))
    return np.asarray(found, dtype=float).tolist()
