"""음수를 자르지 않고 절댓값을 취함"""
def ppmi(counts):
    coo = counts.tocoo()
    row, column = np.asarray(counts.sum(axis=1)).ravel(), np.asarray(counts.sum(axis=0)).ravel()
    value = np.abs(np.log(coo.data * counts.sum() / (row[coo.row] * column[coo.col])))
    result = sparse.csr_array((value, (coo.row, coo.col)), shape=counts.shape)
    result.eliminate_zeros()
    return result
