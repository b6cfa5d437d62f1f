"""csr의 data를 바로 바꿈"""
def ppmi(counts):
    result = counts.tocsr().astype(float)
    log_rows = np.log(np.asarray(counts.sum(axis=1)).ravel())
    log_columns = np.log(np.asarray(counts.sum(axis=0)).ravel())
    rows = np.repeat(np.arange(result.shape[0]), np.diff(result.indptr))
    value = np.log(result.data) + np.log(counts.sum()) - log_rows[rows] - log_columns[result.indices]
    result.data = np.where(value > 0, value, 0)
    result.eliminate_zeros()
    return result
