"""N을 저장된 칸의 수로 셈"""
def ppmi(counts):
    coo = counts.tocoo()
    row, column = np.asarray(counts.sum(axis=1)).ravel(), np.asarray(counts.sum(axis=0)).ravel()
    value = np.log(coo.data * counts.nnz / (row[coo.row] * column[coo.col]))
    result = sparse.csr_array((np.maximum(value, 0), (coo.row, coo.col)), shape=counts.shape)
    result.eliminate_zeros()
    return result
