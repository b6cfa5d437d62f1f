"""Truncated SVD against numpy's complete one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from lab_utils.svd import _block_krylov, truncated_svd, word_vectors


def decaying(rows=600, columns=500, seed=0):
    """A sparse matrix with directions of unequal strength."""
    generator = np.random.default_rng(seed)
    groups = generator.integers(0, 40, rows)[:, None] == generator.integers(0, 40, columns)
    noise = sparse.random(rows, columns, 0.02, random_state=seed).toarray()
    return sparse.csr_array(groups * generator.random((rows, columns)) * generator.uniform(0.5, 2, (rows, 1)) + noise)


@pytest.mark.parametrize("method, tolerance", [("randomized", 1e-3), ("arpack", 1e-8)])
@pytest.mark.parametrize("transposed", [False, True])
def test_against_the_complete_decomposition(method, tolerance, transposed):
    matrix = decaying().T.tocsr() if transposed else decaying()
    U, S, Vt = truncated_svd(matrix, 30, method=method)
    exact_U, exact_S, exact_Vt = np.linalg.svd(matrix.toarray(), full_matrices=False)
    np.testing.assert_allclose(S, exact_S[:30], rtol=tolerance)
    assert U.shape == (matrix.shape[0], 30) and Vt.shape == (30, matrix.shape[1])
    np.testing.assert_allclose(U.T @ U, np.eye(30), atol=1e-4)
    np.testing.assert_allclose(Vt @ Vt.T, np.eye(30), atol=1e-3)
    assert (np.diff(S) <= 0).all()
    best = np.linalg.norm(exact_S[30:])
    assert np.linalg.norm(matrix.toarray() - U * S @ Vt) <= best * (1 + tolerance)
    assert np.linalg.norm(exact_U[:, :30].T @ U) ** 2 / 30 > 0.99


def test_the_iterative_way_was_taken():
    """The test above must not pass by falling back to the complete decomposition."""
    matrix = decaying()
    expected = _block_krylov(matrix, 30, np.random.default_rng(0))
    assert expected[0].dtype == np.float32
    np.testing.assert_array_equal(truncated_svd(matrix, 30)[1], expected[1])


@settings(deadline=None)
@given(st.integers(2, 12), st.integers(2, 12), st.integers(0, 1000))
def test_small_matrices_are_exact(rows, columns, seed):
    matrix = np.random.default_rng(seed).normal(size=(rows, columns))
    k = min(rows, columns) - 1
    U, S, Vt = truncated_svd(sparse.csr_array(matrix), k)
    u, s, vt = np.linalg.svd(matrix)
    np.testing.assert_allclose(S, s[:k], atol=1e-10)
    np.testing.assert_allclose(U * S @ Vt, u[:, :k] * s[:k] @ vt[:k], atol=1e-8)
    assert (U[np.abs(U).argmax(axis=0), range(k)] > 0).all()


@pytest.mark.parametrize("method", ["randomized", "arpack"])
def test_same_seed_same_result_and_signs_agree_between_seeds(method):
    matrix = decaying()
    first, second, other = (truncated_svd(matrix, 5, seed=seed, method=method) for seed in (0, 0, 1))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    assert (first[0][:, 0] @ other[0][:, 0]) > 0.999
    assert (first[0][np.abs(first[0]).argmax(axis=0), range(5)] > 0).all()


def test_fewer_directions_than_asked_for():
    generator = np.random.default_rng(0)
    low = generator.normal(size=(2000, 3)) @ generator.normal(size=(3, 1500))
    U, S, Vt = truncated_svd(sparse.csr_array(low), 20)
    assert np.isfinite(U).all() and np.isfinite(Vt).all()
    assert (S[3:] < 1e-2 * S[0]).all()
    np.testing.assert_allclose(U * S @ Vt, low, atol=1e-3 * np.abs(low).max())
    U, S, Vt = truncated_svd(sparse.csr_array((2000, 1500)), 20)
    assert not S.any() and np.isfinite(U).all() and np.isfinite(Vt).all()


def test_weighting_of_directions():
    U, S = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([4.0, 1.0])
    np.testing.assert_array_equal(word_vectors(U, S, 0), U)
    np.testing.assert_array_equal(word_vectors(U, S), U * [2, 1])
    np.testing.assert_array_equal(word_vectors(U, S, 1), U * S)


@pytest.mark.parametrize("wrong", [
    lambda: truncated_svd(np.eye(3), 3),
    lambda: truncated_svd(np.eye(3), 0),
    lambda: truncated_svd(np.eye(3), 1.5),
    lambda: truncated_svd(np.full((3, 3), np.nan), 1),
    lambda: truncated_svd(np.eye(3), 1, method="magic"),
    lambda: word_vectors(np.eye(2), np.ones(2), -1),
])
def test_wrong_input_is_explained_in_korean(wrong):
    with pytest.raises(ValueError, match="[가-힣]"):
        wrong()


def test_many_directions_of_a_larger_matrix_need_no_complete_decomposition(monkeypatch):
    matrix = sparse.random(1400, 1300, 0.02, random_state=0, format="csr")
    exact = np.linalg.svd(matrix.toarray(), compute_uv=False)[:150]
    monkeypatch.setattr(np.linalg, "svd", None)
    U, S, Vt = truncated_svd(matrix, 150)
    np.testing.assert_allclose(S, exact, rtol=3e-2)  # noise, all directions nearly alike: the hardest case there is
    assert np.linalg.norm(matrix.toarray() - U * S @ Vt) <= 1.005 * np.sqrt(sparse.linalg.norm(matrix) ** 2 - (exact**2).sum())
