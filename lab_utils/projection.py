"""Word vectors on a sheet of paper: PCA, t-SNE and UMAP, and what of the picture is the same with another seed."""

from itertools import combinations

import numpy as np

from .similarity import unit_rows

METHODS = ("pca", "tsne", "umap")


def project(vectors, method: str = "pca", *, seed: int = 0, start: str = "random", neighbours: int = 15) -> np.ndarray:
    """Two coordinates for each row.

    Rows are brought to unit length first: Euclidean distance, which all three methods use, then orders neighbours as the
    cosine does.

    Parameters
    ----------
    vectors : (n, d) array
    method : {"pca", "tsne", "umap"}
        "umap" needs umap-learn, which compiles for some 10 seconds when it is used first.
    seed : int
        PCA does not depend on it.
    start : {"random", "informed"}
        Where t-SNE and UMAP place the points before they begin: at random, or at PCA's (t-SNE) or the spectral solution (UMAP).
    neighbours : int
        Perplexity of t-SNE, ``n_neighbors`` of UMAP: about how many neighbours of a point count.

    Returns
    -------
    (n, 2) float
    """
    if method not in METHODS or start not in ("random", "informed"):
        raise ValueError(f"method는 {', '.join(METHODS)}, start는 random, informed 가운데 하나여야 합니다: {method!r}, {start!r}.")
    rows = unit_rows(np.asarray(vectors, np.float32))
    if len(rows) <= neighbours + 1:
        raise ValueError(f"낱말이 {neighbours + 2}개 이상 있어야 합니다: {len(rows)}개. neighbours를 줄이거나 낱말을 늘려 주세요.")
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # threads that wait in a spin make t-SNE many times slower when cores are busy
        if method == "pca":
            from sklearn.decomposition import PCA

            return PCA(2, svd_solver="full").fit_transform(rows)
        if method == "tsne":
            from sklearn.manifold import TSNE

            return TSNE(2, perplexity=neighbours, init="pca" if start == "informed" else "random", random_state=seed).fit_transform(rows)
        import umap

        return umap.UMAP(n_neighbors=neighbours, init="spectral" if start == "informed" else "random", random_state=seed,
                         n_jobs=1).fit_transform(rows)


def neighbour_overlap(a, b, k: int = 10) -> float:
    """Mean share of a point's k nearest neighbours (Euclid) that are the same in two sets of coordinates.

    Parameters
    ----------
    a : (n, d) array
    b : (n, e) array
        The same points in the same order.
    k : int
        1 ≤ k < n.

    Returns
    -------
    float
        1 if all neighbours agree; k / (n − 1) is expected of unrelated coordinates.
    """
    if len(a) != len(b):
        raise ValueError(f"두 좌표의 점이 다릅니다: {len(a)}개와 {len(b)}개.")
    first, second = _neighbours(a, k), _neighbours(b, k)
    return float(np.mean([len(np.intersect1d(x, y)) / k for x, y in zip(first, second, strict=True)]))


def procrustes_distance(a, b) -> float:
    """How far two pictures of the same points are apart once shifted, scaled, turned and mirrored to fit best.

    Parameters
    ----------
    a, b : (n, d) array

    Returns
    -------
    float
        Sum of squared distances, 0 (same picture) to 1 (`scipy.spatial.procrustes`).
    """
    from scipy.spatial import procrustes

    return float(procrustes(a, b)[2])


def stability(projections, vectors, k: int = 10) -> dict[str, float]:
    """What is the same in pictures that differ in nothing but the seed, and how true they are to the vectors.

    Parameters
    ----------
    projections : list of (n, 2) array
        Two or more.
    vectors : (n, d) array
        What was projected; compared by direction, as in `project`.
    k : int
        Neighbours.

    Returns
    -------
    dict
        ``neighbours``: mean `neighbour_overlap` between two pictures; ``procrustes``: mean `procrustes_distance`; ``kept``: mean
        `neighbour_overlap` of a picture with the vectors; ``trustworthiness``: mean of scikit-learn's measure, which asks
        whether neighbours in the picture are near in the vectors, too.
    """
    from sklearn.manifold import trustworthiness

    if len(projections) < 2:
        raise ValueError(f"시드를 바꾼 그림이 둘 이상 있어야 합니다: {len(projections)}개.")
    rows = unit_rows(np.asarray(vectors))
    pairs = list(combinations(projections, 2))
    return {
        "neighbours": float(np.mean([neighbour_overlap(a, b, k) for a, b in pairs])),
        "procrustes": float(np.mean([procrustes_distance(a, b) for a, b in pairs])),
        "kept": float(np.mean([neighbour_overlap(a, rows, k) for a in projections])),
        "trustworthiness": float(np.mean([trustworthiness(rows, a, n_neighbors=k) for a in projections])),
    }


def _neighbours(points, k):
    from sklearn.neighbors import NearestNeighbors

    if not 1 <= k < len(points):
        raise ValueError(f"k는 1 이상이고 점의 수({len(points)})보다 작아야 합니다: {k}.")
    return NearestNeighbors(n_neighbors=k).fit(points).kneighbors(return_distance=False)
