"""Uneven KLs, whose batch means lie on both sides of the threshold; one threshold of 0."""

import numpy as np

NAMES = ("free_bits",)


def inputs(rng):
    scales = np.array([0.2, 0.6, 1.0, 1.5, 4.0])
    return [{"kl": (rng.exponential(1.0, (texts, 5)) * scales).tolist(), "nats": nats} for texts, nats in ((6, 1.0), (20, 0.5), (9, 2.0), (4, 0.0))]


def call(namespace, case):
    return float(namespace["free_bits"](np.array(case["kl"]), case["nats"]))
