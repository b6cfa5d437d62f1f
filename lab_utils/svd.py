"""The k directions that keep most of a matrix: truncated singular value decomposition of a sparse matrix."""

import numpy as np


def truncated_svd(matrix, k: int, *, seed: int = 0, method: str = "randomized"):
    """Largest k singular values and their vectors: matrix ≈ U diag(S) Vt.

    Parameters
    ----------
    matrix : (m, n) sparse or dense array
    k : int
        1 ≤ k < min(m, n).
    seed : int
        For the random start; the same seed gives the same result.
    method : {"randomized", "arpack"}
        "randomized" multiplies a block of random vectors by the matrix again and again in float32 and finds the answer
        among all the directions that this gave (block Krylov method; Musco & Musco, 2015): close to the exact answer at
        a third of the time. "arpack" iterates to full float64 precision.

    Returns
    -------
    U : (m, k) float
    S : (k,) float
        Descending.
    Vt : (k, n) float
        The sign of each pair of vectors is chosen such that the largest entry (in absolute value) of U's is positive.

    Raises
    ------
    ValueError
        If k is out of range, or the matrix holds NaN or infinity.
    """
    from scipy import sparse

    if not sparse.issparse(matrix):
        matrix = np.asarray(matrix)
    smaller = min(matrix.shape)
    if not isinstance(k, (int, np.integer)) or not 1 <= k < smaller:
        raise ValueError(f"k는 1 이상 {smaller - 1} 이하의 정수여야 합니다: {k!r}. "
                         f"행렬이 {matrix.shape[0]}×{matrix.shape[1]}이므로 그보다 작은 차원만 고를 수 있습니다.")
    if not np.isfinite(matrix.sum()):
        raise ValueError("행렬에 NaN이나 무한대가 있습니다. PMI라면 세지 않은 쌍의 −∞를 먼저 비워 주세요.")
    generator = np.random.default_rng(seed)
    if method == "arpack":
        from scipy.sparse.linalg import svds

        U, S, Vt = svds(matrix.astype(np.float64), k, v0=generator.uniform(-1, 1, smaller))
        order = np.argsort(-S)
        U, S, Vt = U[:, order], S[order], Vt[order]
    elif method == "randomized":
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, "blas"):  # threads that wait in a spin cost more than they bring when cores are busy
            U, S, Vt = _block_krylov(matrix, k, generator)
    else:
        raise ValueError(f"method는 'randomized' 또는 'arpack'이어야 합니다: {method!r}.")
    sign = np.where(U[np.abs(U).argmax(axis=0), np.arange(k)] < 0, -1, 1).astype(U.dtype)
    return U * sign, S, Vt * sign[:, None]


def _block_krylov(matrix, k, generator):
    from scipy.linalg import eigh, qr

    width, rounds = max(8, 2 * k // 5), 7
    smaller, size = min(matrix.shape), width * (rounds + 1)
    if smaller < (4 * size if smaller <= 1000 else 1.2 * size):  # the whole decomposition is as cheap, or all that is left
        dense = matrix.toarray() if hasattr(matrix, "toarray") else matrix
        U, S, Vt = np.linalg.svd(dense.astype(np.float64), full_matrices=False)
        return U[:, :k], S[:k], Vt[:k]
    matrix = matrix.astype(np.float32)
    block = matrix @ generator.standard_normal((matrix.shape[1], width), dtype=np.float32)
    basis = qr(block, mode="economic")[0]
    block = basis
    for _ in range(rounds):
        block = matrix @ (matrix.T @ block)  # turns every direction towards the strongest ones
        for _ in range(2):  # keep what is new; once is not enough in float32
            block = qr(block - basis @ (basis.T @ block), mode="economic")[0]
        basis = np.hstack([basis, block])
    # Within the basis Q the problem is small: the eigenvectors W of Qᵀ A Aᵀ Q give U = Q W and V = Aᵀ Q W / S.
    projected = matrix.T @ basis
    squares, W = eigh((projected.T @ projected).astype(np.float64), subset_by_index=[basis.shape[1] - k, basis.shape[1] - 1])
    S = np.sqrt(np.maximum(squares[::-1], 0)).astype(np.float32)
    W = W[:, ::-1].astype(np.float32)
    Vt = (projected @ W).T / np.where(S > 0, S, 1)[:, None]
    return basis @ W, S, Vt


def word_vectors(U, S, power: float = 0.5):
    """Rows of U diag(S)^power: 1 weights directions by their singular value, 0 treats them alike, ½ is between.

    Parameters
    ----------
    U : (V, k) float
    S : (k,) float
    power : float

    Returns
    -------
    (V, k) float
    """
    if power < 0:
        raise ValueError(f"power는 0 이상이어야 합니다: {power}.")
    return U * S**power
