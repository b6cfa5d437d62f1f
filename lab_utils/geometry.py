"""What shape has the cloud of word vectors? Anisotropy, hubs, distances in high dimensions, and two simple repairs."""

import numpy as np

from .similarity import unit_rows


def mean_cosine(vectors) -> float:
    """Mean cosine over all pairs of different rows: 0 if directions are spread evenly, 1 if all rows point one way.

    The sum over n² pairs is the squared length of the sum of n unit rows, so that no pair has to be looked at.

    Parameters
    ----------
    vectors : (n, d) array
        Rows of zeros are left out.

    References
    ----------
    Ethayarajh (2019), "How contextual are contextualized word representations?".
    """
    rows = _directions(vectors)
    n = len(rows)
    return float((np.sum(rows.sum(axis=0) ** 2) - n) / (n * (n - 1)))


def partition_isotropy(vectors) -> float:
    """min Z(c) / max Z(c) of the partition function Z(c) = Σ exp(c · v) over the principal directions c: 1 if isotropic.

    As in the paper the rows are taken as they are; longer vectors give smaller values, so compare like with like.

    Parameters
    ----------
    vectors : (n, d) array

    References
    ----------
    Mu & Viswanath (2018), "All-but-the-top", equation 3 (with both signs of every direction, since an eigenvector has none).
    """
    from scipy.special import logsumexp

    vectors = np.asarray(vectors, float)
    directions = np.linalg.eigh(vectors.T @ vectors)[1]                   # (d, d), one direction a column
    along = vectors @ directions
    log_z = np.concatenate([logsumexp(along, axis=0), logsumexp(-along, axis=0)])
    return float(np.exp(log_z.min() - log_z.max()))


def k_occurrence(vectors, k: int = 10, measure: str = "cosine") -> np.ndarray:
    """In how many lists of the k nearest neighbours does each row stand? The mean is k, whatever the vectors.

    Parameters
    ----------
    vectors : (n, d) array
    k : int
        1 ≤ k < n.
    measure : {"cosine", "inner", "euclid"}
        What "nearest" means: largest cosine, largest inner product, smallest distance.

    Returns
    -------
    (n,) int
        A word with a large number is a hub: it is near to words that have nothing to do with each other.

    References
    ----------
    Radovanović, Nanopoulos & Ivanović (2010), "Hubs in space".
    """
    vectors = np.asarray(vectors, float)
    if not 1 <= k < len(vectors):
        raise ValueError(f"k는 1 이상이고 벡터의 수({len(vectors)})보다 작아야 합니다: {k}.")
    occurrences = np.zeros(len(vectors), np.int64)
    for start in range(0, len(vectors), 1024):
        scores = similarity_scores(vectors[start:start + 1024], vectors, measure)
        scores[np.arange(len(scores)), np.arange(start, start + len(scores))] = -np.inf
        nearest = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        occurrences += np.bincount(nearest.ravel(), minlength=len(vectors))
    return occurrences


def similarity_scores(queries, vectors, measure: str = "cosine") -> np.ndarray:
    """How near each row of ``vectors`` is to each query, higher being nearer.

    Parameters
    ----------
    queries : (Q, d) array
    vectors : (n, d) array
    measure : {"cosine", "inner", "euclid"}
        "euclid" gives minus the squared distance.

    Returns
    -------
    (Q, n) float
    """
    if measure == "cosine":
        return unit_rows(queries) @ unit_rows(vectors).T
    product = queries @ vectors.T
    if measure == "inner":
        return product
    if measure == "euclid":
        return 2 * product - np.sum(queries**2, axis=1)[:, None] - np.sum(vectors**2, axis=1)
    raise ValueError(f"measure는 'cosine', 'inner', 'euclid' 가운데 하나여야 합니다: {measure!r}.")


def all_but_the_top(vectors, n_directions: int) -> np.ndarray:
    """Take away the mean of the rows, then what lies along the ``n_directions`` strongest principal directions.

    Parameters
    ----------
    vectors : (n, d) array
    n_directions : int
        0 takes away the mean only. The paper suggests about d / 100.

    Returns
    -------
    (n, d) array
        As many coordinates as before, n_directions of rank less.

    References
    ----------
    Mu & Viswanath (2018), "All-but-the-top: simple and effective postprocessing for word representations", ICLR.
    """
    vectors = np.asarray(vectors)
    if not 0 <= n_directions < min(vectors.shape):
        raise ValueError(f"n_directions는 0 이상 {min(vectors.shape) - 1} 이하여야 합니다: {n_directions}.")
    centred = vectors - vectors.mean(axis=0)
    if n_directions == 0:
        return centred
    top = np.linalg.eigh(centred.T @ centred)[1][:, -n_directions:]       # (d, n_directions)
    return centred - centred @ top @ top.T


def relative_contrast(points, queries) -> np.ndarray:
    """(farthest − nearest) / nearest distance from each query to the points; near 0, "nearest" has lost its meaning.

    Parameters
    ----------
    points : (n, d) array
    queries : (Q, d) array
        None of them among the points.

    Returns
    -------
    (Q,) float

    References
    ----------
    Beyer, Goldstein, Ramakrishnan & Shaft (1999), "When is nearest neighbor meaningful?".
    """
    from scipy.spatial.distance import cdist

    distances = cdist(queries, points)
    nearest = distances.min(axis=1)
    return (distances.max(axis=1) - nearest) / nearest


def _directions(vectors):
    rows = unit_rows(np.asarray(vectors, float))
    rows = rows[np.any(rows != 0, axis=1)]
    if len(rows) < 2:
        raise ValueError(f"길이가 0이 아닌 벡터가 둘 이상 있어야 합니다: {len(rows)}개.")
    return rows
