"""PMI against its definition on dense matrices, and against mutual information as others compute it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse
from sklearn.metrics import mutual_info_score

from lab_utils.pmi import pmi, ppmi

tables = arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=st.integers(0, 30).map(float))


def by_definition(table, smoothing=1.0):
    """Dense, one formula per line; −∞ where nothing was counted."""
    joint = table / table.sum()
    word = joint.sum(axis=1)
    context = table.sum(axis=0) ** smoothing
    context = context / context.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(table > 0, np.log(joint / np.outer(word, context)), -np.inf)


@settings(deadline=None)
@given(tables, st.sampled_from([1.0, 0.75, 0.3]), st.sampled_from([0.0, np.log(5)]))
def test_against_the_definition(table, smoothing, shift):
    if not table.any():
        table[0, 0] = 1
    expected = by_definition(table, smoothing)
    result = pmi(sparse.csr_array(table), smoothing=smoothing)
    np.testing.assert_allclose(result.toarray(), np.where(table > 0, expected, 0), atol=1e-12)
    positive = ppmi(sparse.csr_array(table), smoothing=smoothing, shift=shift)
    np.testing.assert_allclose(positive.toarray(), np.maximum(expected - shift, 0), atol=1e-12)
    assert (positive.data > 0).all() and positive.has_sorted_indices
    assert (result.data != 0).all()


@settings(deadline=None)
@given(tables)
def test_mean_pmi_is_mutual_information(table):
    if not table.any():
        table[0, 0] = 1
    mean = (table / table.sum() * pmi(table).toarray()).sum()
    assert mean == pytest.approx(mutual_info_score(None, None, contingency=table), abs=1e-9)


def test_n_is_the_number_of_pairs():
    tiny = sparse.csr_array(np.array([[0, 2, 1], [2, 0, 0], [1, 0, 0]]))  # whole numbers are fine, too
    assert ppmi(tiny)[0, 1] == pytest.approx(np.log(2 * 6 / (3 * 2)))
    assert ppmi(tiny)[1, 2] == 0


def test_smoothing_lowers_rare_contexts_and_the_input_stays():
    counts = sparse.csr_array(np.array([[90.0, 9, 1], [80, 1, 1]]))
    before = counts.copy()
    assert pmi(counts, smoothing=0.75)[0, 2] < pmi(counts)[0, 2]
    assert (counts != before).nnz == 0


def test_stored_zeros_duplicates_and_empty_rows():
    parts = np.array([1.0, 1.0, 0.0, 3.0]), np.array([0, 0, 1, 3]), np.array([0, 2, 3, 3, 4])  # data, columns, row starts
    counts = sparse.csr_array(parts, shape=(4, 4))
    with np.errstate(all="raise"):
        result = pmi(counts)
    assert np.isfinite(result.data).all()
    np.testing.assert_allclose(result.toarray(), np.diag([np.log(5 / 2), 0, 0, np.log(5 / 3)]))
    assert counts.data.tolist() == [1, 1, 0, 3], "the caller's matrix is not touched"
    assert pmi(sparse.csr_array((3, 3))).nnz == 0 and ppmi(sparse.csr_array((0, 0))).shape == (0, 0)


@pytest.mark.parametrize("wrong", [
    lambda: pmi(np.array([[1.0, -1.0]])),
    lambda: pmi(np.array([[1.0, np.nan]])),
    lambda: pmi(np.eye(2), smoothing=0),
    lambda: pmi(np.eye(2), smoothing=1.5),
    lambda: ppmi(np.eye(2), shift=-1),
])
def test_wrong_input_is_explained_in_korean(wrong):
    with pytest.raises(ValueError, match="[가-힣]"):
        wrong()
