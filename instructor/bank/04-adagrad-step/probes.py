"""Vectors and matrices of parameters, several rates; what was handed over must stay as it was."""

import numpy as np

NAMES = ("adagrad_step",)


def inputs(rng):
    cases = []
    for shape, rate in (((4,), 0.05), ((2, 3), 0.1), ((5,), 1.0), ((3, 2), 0.5)):
        cases.append({"theta": rng.normal(size=shape).tolist(), "g": (rng.normal(size=shape) * 5).tolist(),
                      "squares": (1 + 4 * rng.random(shape)).tolist(), "rate": rate})
    return cases


def call(namespace, case):
    theta, g, squares = (np.array(case[name]) for name in ("theta", "g", "squares"))
    moved, added = namespace["adagrad_step"](theta, g, squares, case["rate"])
    return {"theta": np.asarray(moved, dtype=float).tolist(), "squares": np.asarray(added, dtype=float).tolist(),
            "given": [theta.tolist(), g.tolist(), squares.tolist()]}
