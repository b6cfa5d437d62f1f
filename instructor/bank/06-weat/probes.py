"""Random vectors of unequal length, groups of unequal size."""

NAMES = ("weat_effect",)


def inputs(rng):
    cases = []
    for sizes in ((5, 5, 3, 3), (4, 7, 2, 5), (2, 2, 1, 1), (8, 3, 6, 2)):
        arrays = [rng.normal(size=(size, 5)) * rng.uniform(0.3, 4, (size, 1)) for size in sizes]
        cases.append(dict(zip("XYAB", (array.tolist() for array in arrays), strict=True)))
    return cases


def call(namespace, case):
    import numpy as np

    return float(namespace["weat_effect"](*(np.array(case[name]) for name in "XYAB")))
