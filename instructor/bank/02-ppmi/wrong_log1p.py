"""log 0을 피하려고 log(1 + x)를 씀: 우연보다 드문 쌍도 양수가 됩니다"""
def ppmi(counts):
    coo = counts.tocoo()
    row, column = np.asarray(counts.sum(axis=1)).ravel(), np.asarray(counts.sum(axis=0)).ravel()
    value = np.log1p(coo.data * counts.sum() / (row[coo.row] * column[coo.col]))
    return sparse.csr_array((value, (coo.row, coo.col)), shape=counts.shape)
