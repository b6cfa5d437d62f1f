"""Texts shorter than, equal to and longer than a window; ends that fall on and beside the stride."""

NAMES = ("window_places",)


def inputs(rng):
    cases = [{"n": n, "size": size, "stride": stride} for n, size, stride in ((3, 5, 2), (5, 5, 1), (6, 5, 5), (10, 4, 3), (12, 4, 4), (9, 3, 1))]
    for _ in range(4):
        size = int(rng.integers(2, 40))
        cases.append({"n": int(rng.integers(1, 300)), "size": size, "stride": int(rng.integers(1, size + 1))})
    return cases


def call(namespace, case):
    return [[int(start), int(end)] for start, end in namespace["window_places"](case["n"], case["size"], case["stride"])]
