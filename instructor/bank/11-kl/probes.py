"""Random means and log variances, narrow and wide; one text, many texts, one dimension."""

import numpy as np

NAMES = ("gaussian_kl",)


def inputs(rng):
    return [{"mean": rng.normal(0, 1.5, shape).tolist(), "log_variance": rng.normal(-1, 1, shape).tolist()}
            for shape in ((1, 4), (5, 3), (7, 1), (3, 16))]


def call(namespace, case):
    found = namespace["gaussian_kl"](np.array(case["mean"]), np.array(case["log_variance"]))
    return np.asarray(found, dtype=float).tolist()
