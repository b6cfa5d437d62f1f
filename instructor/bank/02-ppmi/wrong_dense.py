"""밀집 행렬을 만듦: 낱말이 2만 개면 3.2 GB"""
def ppmi(counts):
    dense = counts.toarray()
    with np.errstate(divide="ignore"):
        value = np.log(dense * dense.sum() / np.outer(dense.sum(axis=1), dense.sum(axis=0)))
    return np.maximum(value, 0)
