"""Random rows of different height and spread, gains of both signs, an epsilon large enough to be seen."""

import numpy as np

NAMES = ("layer_norm",)


def inputs(rng):
    cases = []
    for tokens, width, eps in ((1, 4, 1e-12), (3, 5, 0.1), (4, 4, 0.5), (6, 3, 2.0)):
        x = rng.normal(size=(tokens, width)) * rng.uniform(0.5, 4, (tokens, 1)) + rng.normal(0, 5, (tokens, 1))
        cases.append({"x": x.tolist(), "gain": rng.normal(size=width).tolist(), "bias": rng.normal(size=width).tolist(), "eps": eps})
    return cases


def call(namespace, case):
    return np.asarray(namespace["layer_norm"](np.array(case["x"]), np.array(case["gain"]), np.array(case["bias"]), case["eps"]), float).tolist()
