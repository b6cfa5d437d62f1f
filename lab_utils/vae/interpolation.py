"""Points between two codes: straight lines, arcs, and where on the path to look."""

import numpy as np


def convex_combination(points, weights) -> np.ndarray:
    """Σ w_i z_i for weights that are not negative and add up to 1: a point of the convex hull.

    Parameters
    ----------
    points : (m, d) array
    weights : (..., m) array

    Returns
    -------
    (..., d) array

    Raises
    ------
    ValueError
        If a weight is negative or they do not add up to 1.
    """
    points, weights = np.asarray(points, dtype=float), np.asarray(weights, dtype=float)
    if (weights < 0).any() or not np.allclose(weights.sum(axis=-1), 1):
        raise ValueError("볼록 조합(convex combination)의 계수는 0 이상이고 합이 1이어야 합니다.")
    return weights @ points


def linear(a, b, t) -> np.ndarray:
    """(1 − t) a + t b for each t: points of the segment from a to b.

    Parameters
    ----------
    a, b : (d,) array
    t : float or (K,) array
        0 gives a, 1 gives b.

    Returns
    -------
    (K, d) array, or (d,) for one t
    """
    a, b, t = np.asarray(a, dtype=float), np.asarray(b, dtype=float), np.asarray(t, dtype=float)
    return (1 - t)[..., None] * a + t[..., None] * b


def spherical(a, b, t) -> np.ndarray:
    """Along the arc from a to b, lengths changing evenly (Shoemake, 1985; White, 2016).

    sin((1 − t) Ω) / sin Ω · a + sin(t Ω) / sin Ω · b with Ω the angle between a and b, on unit vectors, times the length
    (1 − t) ‖a‖ + t ‖b‖. Where there is no arc (parallel, opposite, or a zero vector) the straight line.
    """
    a, b, t = np.asarray(a, dtype=float), np.asarray(b, dtype=float), np.asarray(t, dtype=float)
    length_a, length_b = np.linalg.norm(a), np.linalg.norm(b)
    if length_a == 0 or length_b == 0:
        return linear(a, b, t)
    unit_a, unit_b = a / length_a, b / length_b
    angle = np.arccos(np.clip(unit_a @ unit_b, -1, 1))
    if np.sin(angle) < 1e-6:
        return linear(a, b, t)
    direction = (np.sin((1 - t) * angle)[..., None] * unit_a + np.sin(t * angle)[..., None] * unit_b) / np.sin(angle)
    return ((1 - t) * length_a + t * length_b)[..., None] * direction


METHODS = {"linear": linear, "spherical": spherical}


def adaptive_alphas(score, n: int = 9, tolerance: float = 1e-3) -> np.ndarray:
    """Places on a path at which the score has risen by equal parts: dense where it jumps (bisection).

    Parameters
    ----------
    score : callable
        (K,) places in [0, 1] → (K,) scores. It need not be monotone: each level is bracketed by 0 and 1 and a crossing found.
    n : int
        Number of places, both ends included.
    tolerance : float
        Width at which the bisection stops (at 1e-12 at the latest).

    Returns
    -------
    (n,) float, from 0 to 1, not decreasing; even steps where both ends score the same
    """
    if n < 2:
        raise ValueError(f"n은 2 이상이어야 합니다: {n}.")
    start, end = np.asarray(score(np.array([0.0, 1.0])), dtype=float)
    if start == end:  # no rise to be divided
        return np.linspace(0, 1, n)
    levels = start + (end - start) * np.linspace(0, 1, n)[1:-1]                          # (n − 2,)
    low, high = np.zeros(n - 2), np.ones(n - 2)
    while n > 2 and (high - low).max() > max(tolerance, 1e-12):  # floats cannot be halved for ever
        middle = (low + high) / 2
        before = (np.asarray(score(middle)) - levels) * np.sign(end - start) < 0
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return np.concatenate([[0.0], np.sort((low + high) / 2), [1.0]])
