"""Rows of any length, easy and hard triplets, several margins; one where every loss is 0."""

import numpy as np

NAMES = ("triplet_losses",)
ATOL = 1e-8


def inputs(rng):
    cases = []
    for size, width, margin in ((6, 3, 0.2), (5, 8, 0.5), (4, 2, 0.05), (7, 5, 1.5)):
        anchors, positives, negatives = rng.normal(size=(3, size, width)) * rng.uniform(0.2, 5, (3, size, 1))
        cases.append({"anchors": anchors.tolist(), "positives": positives.tolist(), "negatives": negatives.tolist(), "margin": margin})
    anchors = rng.normal(size=(3, 4))
    cases.append({"anchors": anchors.tolist(), "positives": (2 * anchors).tolist(), "negatives": (-anchors).tolist(), "margin": 0.3})
    return cases


def call(namespace, case):
    arrays = (np.array(case[name]) for name in ("anchors", "positives", "negatives"))
    return np.asarray(namespace["triplet_losses"](*arrays, case["margin"]), dtype=float).tolist()
