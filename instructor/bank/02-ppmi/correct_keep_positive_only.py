"""양수인 칸만 골라 새 행렬을 만듦"""
def ppmi(counts):
    coo = counts.tocoo()
    N = counts.sum()
    p_row = np.asarray(counts.sum(axis=1)).ravel() / N
    p_column = np.asarray(counts.sum(axis=0)).ravel() / N
    value = np.log(coo.data / N / (p_row[coo.row] * p_column[coo.col]))
    keep = value > 0
    return sparse.coo_array((value[keep], (coo.row[keep], coo.col[keep])), shape=counts.shape).tocsr()
