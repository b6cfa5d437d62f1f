"""Cosines, neighbours, and what happens to rows of zeros and unknown words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse
from sklearn.metrics.pairwise import cosine_similarity

from lab_utils.cooccurrence import Vocabulary
from lab_utils.similarity import cosine, nearest, unit_rows

matrices = arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.integers(-5, 5).map(float))
WORDS = Vocabulary(["배우", "감독", "영화", "없음"], np.array([4, 3, 2, 1]))
ROWS = np.array([[1.0, 0], [2, 1], [0, 3], [0, 0]])


@settings(deadline=None)
@given(matrices)
def test_against_sklearn_dense_and_sparse(matrix):
    unit = unit_rows(matrix)
    np.testing.assert_allclose(unit @ unit.T, cosine_similarity(matrix), atol=1e-12)
    np.testing.assert_allclose(unit_rows(sparse.csr_array(matrix)).toarray(), unit, atol=1e-15)
    assert cosine(matrix[0], matrix[-1]) == pytest.approx(cosine_similarity(matrix)[0, -1])
    assert -1 <= cosine(matrix[0], matrix[0]) <= 1


def test_input_stays_and_float32_stays_float32():
    matrix = sparse.csr_array(ROWS)
    unit_rows(matrix)
    assert (matrix != sparse.csr_array(ROWS)).nnz == 0
    assert unit_rows(ROWS.astype(np.float32)).dtype == np.float32
    assert unit_rows(sparse.csr_array(np.array([[3, 4]]))).toarray().tolist() == [[0.6, 0.8]]


@pytest.mark.parametrize("matrix", [ROWS, sparse.csr_array(ROWS)], ids=["dense", "sparse"])
def test_nearest(matrix):
    result = nearest(matrix, WORDS, "배우", n=10)
    assert [word for word, _ in result] == ["감독", "영화", "없음"], "never the word itself; equal ones in vocabulary order"
    assert [value for _, value in result] == pytest.approx([2 / 5**0.5, 0, 0])
    assert len(nearest(matrix, WORDS, "없음", n=2)) == 2
    assert all(isinstance(value, float) for _, value in result)


def test_unknown_word_suggests_close_ones():
    with pytest.raises(KeyError) as caught:
        nearest(ROWS, WORDS, "배우들")
    assert str(caught.value).startswith("'배우들'") and "배우을(를)" in str(caught.value)
    with pytest.raises(KeyError, match="max_vocabulary"):
        nearest(ROWS, WORDS, "zzz")


def test_wrong_input_is_explained_in_korean():
    with pytest.raises(ValueError, match="[가-힣]"):
        cosine([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="[가-힣]"):
        nearest(ROWS, WORDS, "배우", n=0)
