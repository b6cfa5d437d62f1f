"""Do two words meet more often than by chance? Pointwise mutual information of a matrix of counts."""

import numpy as np


def pmi(counts, *, smoothing: float = 1.0):
    """Pointwise mutual information, log P(w, c) / (P(w) P(c)), of the counted pairs.

    All three probabilities come from the matrix of *pairs*: N is the sum of all its cells, P(w) a row's share of it and
    P(c) a column's. (Word frequencies, or the number of words in place of N, give something that is not PMI.)

    Parameters
    ----------
    counts : (V, C) sparse or dense array
        Co-occurrence counts, not negative.
    smoothing : float
        Context distribution smoothing: P(c) is raised to this power and made to sum to 1 again. 0.75 makes rare contexts
        look less surprising than they are.

    Returns
    -------
    (V, C) scipy.sparse.csr_array of float64
        Natural logarithm. A pair that was never counted has PMI −∞; here its cell is left empty. Nor is a cell stored
        whose PMI is exactly 0.

    Raises
    ------
    ValueError
        For negative or non-finite counts, or a smoothing outside (0, 1].

    References
    ----------
    Church & Hanks (1990). Levy, Goldberg & Dagan (2015), "Improving distributional similarity with lessons learned from
    word embeddings", TACL 3, section 3.1.
    """
    return _information(counts, smoothing)


def ppmi(counts, *, smoothing: float = 1.0, shift: float = 0.0):
    """Positive PMI: max(0, PMI − shift), stored where it is positive.

    Parameters
    ----------
    counts, smoothing
        See `pmi`.
    shift : float
        Taken off before clipping; log k relates it to skip-gram with k negative samples (Levy & Goldberg, 2014).

    Returns
    -------
    (V, C) scipy.sparse.csr_array of float64
    """
    if shift < 0:
        raise ValueError(f"shift는 0 이상이어야 합니다: {shift}. 음성 표본 k개에 해당하는 값은 log(k)입니다.")
    positive = _information(counts, smoothing)
    positive.data -= shift
    np.maximum(positive.data, 0, out=positive.data)
    positive.eliminate_zeros()
    return positive


def _information(counts, smoothing):
    from scipy import sparse

    if not 0 < smoothing <= 1:
        raise ValueError(f"smoothing은 0보다 크고 1 이하여야 합니다: {smoothing}. 보통 1(하지 않음)이나 0.75를 씁니다.")
    counts = sparse.csr_array(counts, dtype=np.float64)
    if not counts.has_canonical_format or (counts.data == 0).any():
        counts = counts.copy()
        counts.sum_duplicates()
        counts.eliminate_zeros()
    if counts.nnz and not (counts.data.min() > 0 and np.isfinite(counts.data.sum())):
        raise ValueError("횟수 행렬에 음수나 무한대(NaN)가 있습니다. count_cooccurrences가 돌려준 행렬을 그대로 넘겨 주세요.")
    row = counts.sum(axis=1)
    context = counts.sum(axis=0) ** smoothing
    # log P(w,c) − log P(w) − log P(c), where P(w,c) / P(w) = count / row sum: N drops out of the first two.
    with np.errstate(divide="ignore", invalid="ignore"):
        log_row, log_context = np.log(row), np.log(context) - np.log(context.sum())
    value = np.log(counts.data)
    value -= np.repeat(log_row, np.diff(counts.indptr))
    value -= log_context[counts.indices]
    result = sparse.csr_array((value, counts.indices.copy(), counts.indptr.copy()), shape=counts.shape)
    result.eliminate_zeros()
    return result
